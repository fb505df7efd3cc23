"""Mail out: at least once, always with the same Message-ID for the same outbox row."""

from __future__ import annotations

from binascii import b2a_qp
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, parseaddr
from typing import Any
from uuid import UUID

import css_inline

from app.settings import settings
from app.web.templates import render
from jobs import smtp


async def send(
    row_id: UUID, *, to: str, subject: str, template: str, view: Any, headers: dict[str, str] | None = None
) -> None:
    """Sends templates/mail/<template>.html and .txt as one mail; `headers` besides the usual ones. Raises aiosmtplib.SMTPException or OSError.

    A receiver that gets it twice recognises it: the Message-ID is the row's.
    """
    message = compose(row_id, to=to, subject=subject, template=template, view=view)
    for name, value in (headers or {}).items():
        message[name] = value
    await smtp.deliver(message, settings())


class _AsGiven(EmailPolicy):
    """Keeps headers of ASCII as the text they are: parsing each when it is set costs more than the rest of a mail (measured)."""

    def header_max_count(self, name: str) -> int:
        return 1

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if value.isascii() and value.isprintable():
            return name, value
        return super().header_store_parse(name, value)  # refuses a second line

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return value


AS_GIVEN = _AsGiven()


def compose(row_id: UUID, *, to: str, subject: str, template: str, view: Any) -> EmailMessage:
    """The mail: plain text first, then HTML whose CSS stands in the elements, as mail programs need it."""
    message = EmailMessage(AS_GIVEN)
    sender = settings().mail_from
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{row_id}@{parseaddr(sender)[1].partition('@')[2]}>"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="={row_id.hex}="'  # quoted-printable text can't hold it
    plain = render(f"mail/{template}.txt", view=view, form="inline")
    html = css_inline.inline(render(f"mail/{template}.html", view=view, form="inline"), load_remote_stylesheets=False)
    message.set_payload([_part("plain", plain), _part("html", html)])
    return message


def _part(kind: str, text: str) -> EmailMessage:
    part = EmailMessage(AS_GIVEN)
    part["Content-Type"] = f'text/{kind}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(b2a_qp(text.encode()).decode())
    return part

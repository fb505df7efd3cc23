"""Mail out: at least once, always with the same Message-ID for the same outbox row."""

from __future__ import annotations

from email.message import EmailMessage
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


def compose(row_id: UUID, *, to: str, subject: str, template: str, view: Any) -> EmailMessage:
    """The mail: plain text first, then HTML whose CSS stands in the elements, as mail programs need it."""
    message = EmailMessage()
    sender = settings().mail_from
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{row_id}@{parseaddr(sender)[1].partition('@')[2]}>"
    message.set_content(render(f"mail/{template}.txt", view=view, form="inline"))
    html = css_inline.inline(render(f"mail/{template}.html", view=view, form="inline"), load_remote_stylesheets=False)
    message.add_alternative(html, subtype="html")
    return message

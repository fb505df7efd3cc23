"""/dev/mail: what the local sink took, readable in a browser. In development only."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec
from litestar import Response
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.ops.home import home_of
from app.ops.mailbox import Letter, NoMail, letter_of, letters
from app.settings import settings
from app.web.pages import Page, page
from app.web.templates import url

MOST = 100  # mails shown
# The mail's own page may style itself, as mail programs let it, and do nothing else.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
)


class MailRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    url: str
    subject: str
    to: str
    at: datetime


class MailsView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest mails."""

    mails: list[MailRow]


class MailView(msgspec.Struct, frozen=True, kw_only=True):
    """One mail; `html_url` is None when it has plain text only."""

    id: str
    subject: str
    sender: str
    to: str
    at: datetime
    message_id: str
    text: str
    html_url: str | None


@page("/dev/mail", name="mails")
async def mails() -> Page:
    return Page(template="dev/mails.html", view=MailsView(mails=[_row(letter) for letter in _letters()[:MOST]]))


@page("/dev/mail/{id:str}", name="mail")
async def mail(id: FromPath[str]) -> Page:
    letter = _letter(id)
    row = _row(letter)
    head = letter.head()
    view = MailView(
        id=row.id,
        subject=row.subject,
        sender=str(head["from"]),
        to=row.to,
        at=row.at,
        message_id=str(head["message_id"]),
        text=letter.text() or "",
        html_url=url("mail_html", id=row.id) if letter.html() else None,
    )
    return Page(template="dev/mail.html", view=view)


@page("/dev/mail/{id:str}/html", name="mail_html")
async def mail_html(id: FromPath[str]) -> Response:
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": MAIL_POLICY}
    return Response((_letter(id).html() or "").encode(), media_type="text/html", headers=headers)


def _row(letter: Letter) -> MailRow:
    head = letter.head()
    return MailRow(
        id=letter.id,
        url=url("mail", id=letter.id),
        subject=str(head["subject"]),
        to=str(head["to"]),
        at=datetime.fromisoformat(str(head["at"])),
    )


def _letters() -> list[Letter]:
    return letters(home_of(settings()).mail)


def _letter(id: str) -> Letter:
    if not re.fullmatch(r"[0-9A-Za-z-]{1,100}", id):
        raise NotFoundException
    try:
        return letter_of(home_of(settings()).mail, id)
    except NoMail:
        raise NotFoundException from None


ROUTES = [mails, mail, mail_html]

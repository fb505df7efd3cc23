from __future__ import annotations

from email.utils import parseaddr
from typing import Any

import msgspec

from app.content import queries
from app.edge import keep
from app.settings import settings
from app.web.pages import Page, page


@page("/", name="home", keep=keep.HOME)
async def home() -> Page:
    """The front page, as merchandisers laid it out."""
    view = await queries.home_view()
    return Page(template="content/home.html", view=view, tags=view.tags, until=view.until)


class ContactView(msgspec.Struct, frozen=True, kw_only=True):
    """Where mail of shoppers is read: the sender of the shop's own."""

    email: str


@page("/contact", name="contact", keep=keep.HOME)
async def contact() -> Page:
    """Where to write, and where most answers stand already."""
    return Page(template="content/contact.html", view=ContactView(email=parseaddr(settings().mail_from)[1]))


async def menu() -> queries.MenuView:
    """The departments; asked by every page that is rendered."""
    return await queries.menu_view()


ROUTES: list[Any] = [home, contact]

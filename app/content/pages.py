from __future__ import annotations

from email.utils import parseaddr
from typing import Any

import msgspec

from app.content import queries
from app.edge import keep
from app.settings import settings
from app.values import DAY
from app.web.pages import Page, page
from app.web.visitor import KNOWN_LASTS, LASTS, RENEWED


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


@page("/delivery", name="delivery", keep=keep.HOME)
async def delivery() -> Page:
    """What delivery costs and when things come, and how they go back."""
    view = await queries.delivery_view()
    return Page(template="content/delivery.html", view=view, tags=view.tags)


class PrivacyView(msgspec.Struct, frozen=True, kw_only=True):
    """For how many days the shop remembers what; 0 is for as long as the law or the shop says. `least`: of a guest, after their last visit."""

    guest: int
    least: int
    known: int
    order: int
    alert: int
    search: int


@page("/privacy", name="privacy", keep=keep.HOME)
async def privacy() -> Page:
    """Which cookies there are, what is kept of a shopper and for how long."""
    now = settings()
    view = PrivacyView(
        guest=round(LASTS / DAY),
        least=round(RENEWED / DAY),
        known=round(KNOWN_LASTS / DAY),
        order=now.order_days,
        alert=now.alert_days,
        search=now.search_log_days,
    )
    return Page(template="content/privacy.html", view=view)


async def menu() -> queries.MenuView:
    """The departments; asked by every page that is rendered."""
    return await queries.menu_view()


ROUTES: list[Any] = [home, contact, delivery, privacy]

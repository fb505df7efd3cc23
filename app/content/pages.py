from __future__ import annotations

from typing import Any

from app.content import queries
from app.edge import keep
from app.web.pages import Page, page


@page("/", name="home", keep=keep.HOME)
async def home() -> Page:
    """The front page, as merchandisers laid it out."""
    view = await queries.home_view()
    return Page(template="content/home.html", view=view, tags=view.tags, until=view.until)


async def menu() -> queries.MenuView:
    """The departments; asked by every page that is rendered."""
    return await queries.menu_view()


ROUTES: list[Any] = [home]

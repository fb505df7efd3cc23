from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException

from app.catalog.queries import page_number
from app.edge import keep
from app.search import queries, rules
from app.web.pages import Fragment, Page, fragment, page


@page("/search", name="search", keep=keep.SEARCH, query=("q", "page"))
async def search(request: Request) -> Page:
    """What was found for a question; without one, a place to ask."""
    number = page_number(request.query_params.get("page"))
    question = rules.question_of(request.query_params.get("q"))
    view = await queries.search_view(question, number) if number else None
    if view is None:
        raise NotFoundException
    return Page(template="search/results.html", view=view, tags=view.tags, until=view.until)


@fragment("/suggest", name="suggest", keep=keep.SEARCH, query=("q",))
async def suggest(request: Request) -> Fragment:
    """What the shopper may mean, while typing."""
    view = await queries.suggest_view(rules.question_of(request.query_params.get("q")))
    return Fragment(template="search/_suggest.html", view=view, until=view.until)


ROUTES: list[Any] = [search, suggest]

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException

from app.catalog.queries import PARAMETERS, asked_filters, page_number, pairs_of, said_as
from app.edge import keep, tags
from app.search import queries, rules, suggesting
from app.search.addresses import search_url, suggest_url
from app.values import now
from app.web.pages import Fragment, Moved, Page, fragment, page

MINUTE = timedelta(seconds=keep.SEARCH.ttl)


@page("/search", name="search", keep=keep.SEARCH, query=("q", *PARAMETERS))
async def search(request: Request) -> Page | Moved:
    """What was found for a question; without one, a place to ask. A stock number leads to its product, other spellings to the one address."""
    asked = request.query_params
    number, typed = page_number(asked.get("page")), asked.get("q") or ""
    question = rules.question_of(typed)
    query = request.scope["query_string"].decode("latin-1")
    filters, sort = asked_filters(pairs_of(query)), queries.known_sort(asked.get("sort") or "")
    if to := await _elsewhere(typed, question, search_url(question, number or 1, sort, filters)):
        return Moved(to=to, tags={tags.searches()}, until=now() + MINUTE)
    view = await queries.search_view(question, number, sort, filters) if number else None
    if view is None:
        raise NotFoundException
    if not said_as(query, pairs_of(view.address.partition("?")[2]), also="q"):
        return Moved(to=view.address, tags={tags.searches()}, until=now() + MINUTE)
    return Page(template="search/results.html", view=view, tags=view.tags, until=view.until)


async def _elsewhere(typed: str, question: str, address: str) -> str | None:
    """The product of a stock number; else `address`, the one of a question that was spaced or spelt with capitals."""
    if product := await queries.product_of(question):
        return product
    return address if typed != rules.asked_as(question) else None


@fragment("/suggest", name="suggest", keep=keep.SEARCH, query=("q",))
async def suggest(request: Request) -> Fragment | Moved:
    """What the shopper may mean, while typing; another spelling of a question, which our script never asks, leads to its one address."""
    typed = request.query_params.get("q") or ""
    if typed != (asked := rules.asked_as(typed)):
        return Moved(to=suggest_url(asked), tags={tags.searches()}, until=now() + MINUTE)
    view = await suggesting.suggest_view(asked)
    return Fragment(template="search/_suggest.html", view=view, tags={tags.searches()}, until=view.until)


ROUTES: list[Any] = [search, suggest]

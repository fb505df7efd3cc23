"""The one address of each page of results."""

from __future__ import annotations

from app.catalog.queries import Filters, query_of
from app.search import rules

BEST = "best"  # the order of results that is not said in the address


def search_url(question: str, page: int = 1, sort: str = BEST, filters: Filters | None = None) -> str:
    """The one address of a page of results: what is the default is not said."""
    asked = rules.asked_as(question)
    said = [("page", str(page))] * (page > 1) + [("q", asked)] * (asked != "") + [("sort", sort)] * (sort != BEST)
    query = query_of([*said, *(filters.parameters() if filters else [])])
    return "/search" + (f"?{query}" if query else "")


def suggest_url(asked: str) -> str:
    """Where the suggestions for a question in its one spelling are."""
    return "/_f/suggest" + (f"?{query_of([('q', asked)])}" if asked else "")

"""The one address of each page of results."""

from __future__ import annotations

from urllib.parse import urlencode

from app.search import rules

BEST = "best"  # the order of results that is not said in the address


def search_url(question: str, page: int = 1, sort: str = BEST) -> str:
    """The one address of a page of results: what is the default is not said."""
    asked = rules.asked_as(question)
    query = [("page", str(page))] * (page > 1) + [("q", asked)] * (asked != "") + [("sort", sort)] * (sort != BEST)
    return "/search" + (f"?{urlencode(query)}" if query else "")

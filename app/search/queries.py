from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from app.catalog import queries as catalog
from app.catalog.queries import (
    CARDS_AT,
    FEW,
    PER_PAGE,
    SORTS,
    Card,
    FacetsView,
    Filters,
    Found,
    Link,
    facets_view,
    pages_of,
)
from app.db.engines import EVERYONE, Database, reading
from app.edge import tags
from app.search import finding, help, rules
from app.search.addresses import BEST, search_url
from app.search.finding import MOST, RANKED, Asked
from app.search.questions import Question, questions
from app.search.rules import faults_of, question_of, terms_of
from app.search.synonyms import Effect, Group, effects, group, groups
from app.settings import settings

NONE = Filters()
LITTLE = 3  # fewer products than that, and another spelling may have been meant
PAGES = RANKED // PER_PAGE  # that can be paged through


class SearchView(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what was found. `many`: there are more than were counted. `until`: when time alone changes it.

    `filters`: None where there is too little to filter. `address`: the one spelling of what was asked for.
    `instead`: the words that were looked for in place of those typed. `left_out`: words that no product has.
    `meant`: where little was found, a much commoner spelling that finds more. `help`: where there is nothing.
    """

    query: str
    cards: list[Card]
    filters: FacetsView | None
    total: int
    many: bool
    page: int
    pages: int
    sorts: list[Link]
    sort: str
    address: str
    more_url: str | None
    previous_url: str | None
    instead: Link | None
    meant: Link | None
    left_out: list[str]
    help: help.Help | None
    tags: frozenset[str]
    until: datetime | None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What its form of filters sends besides them."""
        return [("q", self.query)] + ([("sort", self.sort)] if self.sort != BEST else [])


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and what became of the question on the way to it."""

    asked: Asked
    found: Found
    instead: str | None = None
    left_out: list[str] = []


async def search_view(question: str, page: int, sort: str = BEST, filters: Filters = NONE) -> SearchView | None:
    """Products on sale that have all the words or their synonyms, the last as a beginning; best first.

    Words that no product has are replaced by the nearest of the catalogue, or left out. None for a page past the last one.
    """
    sort = known_sort(sort)
    async with reading(EVERYONE) as db:
        result = await _result(db, question, filters, page=page, sort=sort)
        found = result.found
        if page > _pages(found.total):
            return None
        cards = [catalog.card_of(row) for row in await db.fetch(CARDS_AT, found.ids)] if found.ids else []
        narrowing = found.total >= FEW or found.filters.many
        view = await facets_view(db, found, _address(question, sort), settings().currency) if narrowing else None
        meant = await _meant(db, result)
        helped = None if found.shelves else await help.of(db, result.asked)
        publication = await catalog.next_publication()
    return SearchView(
        **_way_about(question, found, page, sort),
        query=question,
        cards=cards,
        filters=view,
        instead=Link(title=result.instead, url=search_url(result.instead)) if result.instead else None,
        meant=Link(title=meant, url=search_url(meant)) if meant else None,
        left_out=result.left_out,
        help=helped,
        tags=frozenset({tags.searches()}),
        until=catalog.next_change(cards + (helped.shown if helped else []), found.until, publication),
    )


async def _meant(db: Database, result: _Result) -> str | None:
    """Asked only where few were found of the words as they were typed."""
    many = sum(result.found.shelves.values())
    return (
        await finding.meant(db, result.asked) if 0 < many < LITTLE and not (result.instead or result.left_out) else None
    )


def _pages(total: int) -> int:
    return min(pages_of(total), PAGES)


def _address(question: str, sort: str) -> Callable[[Filters], str]:
    return lambda filters: search_url(question, 1, sort, filters)


def _way_about(question: str, found: Found, page: int, sort: str) -> dict[str, Any]:
    """How many there are, and the way to the other pages and orders."""
    pages = _pages(found.total)
    sorts = [(BEST, "Best match"), *((name, SORTS[name][0]) for name in SORTS if name != "featured")]

    def to(number: int, order: str) -> str:
        return search_url(question, number, order, found.filters)

    return {
        "total": found.total,
        "many": sum(found.shelves.values()) >= MOST,
        "page": page,
        "pages": pages,
        "sorts": [Link(title=title, url=to(1, name), current=name == sort) for name, title in sorts],
        "sort": sort,
        "address": to(page, sort),
        "more_url": to(page + 1, sort) if page < pages else None,
        "previous_url": to(page - 1, sort) if page > 1 else None,
    }


async def _result(db: Database, question: str, filters: Filters, *, page: int, sort: str) -> _Result:
    asked = await finding.understood(db, rules.words_of(question))
    found = await finding.found(db, asked, filters, page=page, sort=sort)
    better = await finding.corrected(db, asked) if asked.words and not found.shelves else None
    if better is None:
        return _Result(asked=asked, found=found)
    words, left_out = better
    again = await finding.understood(db, words)
    found = await finding.found(db, again, filters, page=page, sort=sort)
    changed = [word for word in words if word not in asked.words]
    return _Result(
        asked=again if words else asked,
        found=found,
        instead=" ".join(words) if found.shelves and changed else None,
        left_out=left_out if found.shelves else [],
    )


def known_sort(sort: str) -> str:
    return sort if sort in SORTS and sort != "featured" else BEST


async def found_by(question: str) -> int:
    """How many products answer a question as it stands, its synonyms included and its slips not forgiven."""
    async with reading(EVERYONE) as db:
        asked = await finding.understood(db, rules.words_of(question))
        query = rules.tsquery_of(asked.slots)
        return (await finding.counts(db, [query]))[0] if query else 0


async def product_of(question: str) -> str | None:
    """The address of the product whose stock number was typed. Asks only where it can be one: with a digit or a hyphen."""
    if not any(each.isdigit() or each == "-" for each in question):
        return None
    async with reading(EVERYONE) as db:
        slug = await finding.sku_of(db, question)
    return catalog.product_url(slug) if slug else None


__all__ = [
    "Effect", "Group", "Question", "SearchView", "effects", "faults_of", "found_by", "group", "groups", "known_sort", "product_of", "question_of", "questions", "search_view",
    "terms_of",
]  # fmt: skip

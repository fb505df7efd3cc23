from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.catalog import queries as catalog
from app.catalog.queries import PER_PAGE, SORTS, Card, Link, pages_of
from app.db.engines import EVERYONE, Database, reading
from app.edge import tags
from app.search import finding, help, rules
from app.search.addresses import BEST, search_url
from app.search.finding import MOST, RANKED, Asked
from app.search.questions import Question, questions
from app.search.rules import faults_of, question_of, terms_of
from app.search.synonyms import Effect, Group, effects, group, groups


class SearchView(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what was found. `many`: there are more than were counted. `until`: when time alone changes it.

    `instead`: the words that were looked for in place of those typed. `left_out`: words that no product has.
    `help`: where there is nothing.
    """

    query: str
    cards: list[Card]
    total: int
    many: bool
    page: int
    pages: int
    sorts: list[Link]
    more_url: str | None
    previous_url: str | None
    instead: Link | None
    left_out: list[str]
    help: help.Help | None
    tags: frozenset[str]
    until: datetime | None


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of cards, and what became of the question on the way to them."""

    asked: Asked
    rows: list[Any]
    instead: str | None = None
    left_out: list[str] = []


async def search_view(question: str, page: int, sort: str = BEST) -> SearchView | None:
    """Products on sale that have all the words or their synonyms, the last as a beginning; best first.

    Words that no product has are replaced by the nearest of the catalogue, or left out. None for a page past the last one.
    """
    sort = known_sort(sort)
    async with reading(EVERYONE) as db:
        result = await _result(db, question, page, sort)
        if not result.rows and page > 1:
            return None
        helped = None if result.rows else await help.of(db, result.asked)
        publication = await catalog.next_publication()
    return _view(question, result, page, sort, helped, publication)


def _view(
    question: str, result: _Result, page: int, sort: str, helped: help.Help | None, publication: datetime | None
) -> SearchView:
    cards = [catalog.card_of(row) for row in result.rows]
    total = result.rows[0]["total"] if result.rows else 0
    pages = min(pages_of(total), RANKED // PER_PAGE)
    sorts = [(BEST, "Best match"), *((name, SORTS[name][0]) for name in SORTS if name != "featured")]
    return SearchView(
        query=question,
        cards=cards,
        total=total,
        many=total >= MOST,
        page=page,
        pages=pages,
        sorts=[Link(title=title, url=search_url(question, 1, name), current=name == sort) for name, title in sorts],
        more_url=search_url(question, page + 1, sort) if page < pages else None,
        previous_url=search_url(question, page - 1, sort) if page > 1 else None,
        instead=Link(title=result.instead, url=search_url(result.instead)) if result.instead else None,
        left_out=result.left_out,
        help=helped,
        tags=frozenset({tags.searches()}),
        until=catalog.next_change(cards + (helped.fresh if helped else []), publication),
    )


async def _result(db: Database, question: str, page: int, sort: str) -> _Result:
    asked = await finding.understood(db, rules.words_of(question))
    window = {"most": PER_PAGE, "offset": (page - 1) * PER_PAGE, "sort": sort}
    rows = await finding.found(db, asked, **window)  # type: ignore[arg-type]
    better = await finding.corrected(db, asked) if asked.words and not rows else None
    if better is None:
        return _Result(asked=asked, rows=rows)
    words, left_out = better
    again = await finding.understood(db, words)
    rows = await finding.found(db, again, **window)  # type: ignore[arg-type]
    changed = [word for word in words if word not in asked.words]
    return _Result(
        asked=again if rows or words else asked,
        rows=rows,
        instead=" ".join(words) if rows and changed else None,
        left_out=left_out if rows else [],
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

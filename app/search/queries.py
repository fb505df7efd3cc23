from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from app.catalog import queries as catalog
from app.catalog.queries import ON_SALE, PER_PAGE, pages_of
from app.db.engines import EVERYONE, Database, reading
from app.search import rules

DOCUMENT = "search_document(p.title, p.subtitle, p.keywords, p.description)"  # as the index says it
# Of many that match, the title decides who comes first, then keywords: reading whole texts again would take seconds.
BEST = "ts_rank(setweight(to_tsvector('english', p.title), 'A') || setweight(to_tsvector('english', p.keywords), 'B'), asked) DESC"

FOUND = f"""
    SELECT p.id, count(*) OVER () AS total FROM product p, to_tsquery('english', $1) AS asked
    WHERE {DOCUMENT} @@ asked AND {ON_SALE} ORDER BY {BEST}, p.rank, p.id LIMIT $2 OFFSET $3
"""  # noqa: S608 - constants

# Nothing has all these words as they stand: what has one of them, or in its title one that looks like one of them?
ALIKE = f"""
    SELECT p.id, count(*) OVER () AS total FROM product p, to_tsquery('english', $1) AS asked
    WHERE ({DOCUMENT} @@ asked OR p.title %> ANY($4::text[])) AND {ON_SALE}
    ORDER BY (SELECT sum(word_similarity(word, p.title)) FROM unnest($4::text[]) word) DESC, {BEST}, p.rank, p.id
    LIMIT $2 OFFSET $3
"""  # noqa: S608 - constants

SUGGESTED = f"""
    (SELECT 'category' AS kind, c.title, c.path AS address, coalesce(a.title, '') AS note
     FROM category c LEFT JOIN category a ON a.id = c.parent_id
     WHERE c.title ILIKE $2 OR c.title ILIKE '% ' || $2 ORDER BY length(c.path), c.position, c.id LIMIT 2)
    UNION ALL
    (SELECT 'product', p.title, p.slug, m.name FROM (
        SELECT p.* FROM product p, to_tsquery('english', $1) AS asked WHERE {DOCUMENT} @@ asked AND {ON_SALE} LIMIT 200
     ) p JOIN maker m ON m.id = p.maker_id, to_tsquery('english', $1) AS asked ORDER BY {BEST}, p.rank, p.id LIMIT 6)
"""  # noqa: S608 - constants


class SearchView(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what was found; `suggestions` where there is nothing; `until`: when time alone changes it."""

    query: str
    cards: list[catalog.Card]
    total: int
    page: int
    pages: int
    more_url: str | None
    previous_url: str | None
    suggestions: list[catalog.Link]
    tags: frozenset[str]
    until: datetime | None


class SuggestItem(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: product | category; `note`: the maker, or the department above."""

    kind: str
    title: str
    url: str
    note: str


class SuggestView(msgspec.Struct, frozen=True, kw_only=True):
    query: str
    items: list[SuggestItem]
    until: datetime | None = None


async def search_view(question: str, page: int) -> SearchView | None:
    """Products on sale that have all the words, the last as a beginning, else such that look like them; best first.

    None for a page past the last one.
    """
    async with reading(EVERYONE) as db:
        rows = await _found(db, question, page) if rules.words_of(question) else []
        if not rows and page > 1:
            return None
        cards = await catalog.cards([row["id"] for row in rows]) if rows else []
        suggestions = [] if rows else await _departments(db)
    total = rows[0]["total"] if rows else 0
    return SearchView(
        query=question,
        cards=cards,
        total=total,
        page=page,
        pages=pages_of(total),
        more_url=_url(question, page + 1) if page < pages_of(total) else None,
        previous_url=_url(question, page - 1) if page > 1 else None,
        suggestions=suggestions,
        tags=frozenset(),
        until=catalog.next_change(cards, await catalog.next_publication()),
    )


async def _found(db: Database, question: str, page: int) -> list[Any]:
    offset = (page - 1) * PER_PAGE
    rows = await db.fetch(FOUND, rules.tsquery_of(question), PER_PAGE, offset)
    if rows:
        return rows
    words = rules.words_of(question)
    return await db.fetch(ALIKE, rules.any_of(words), PER_PAGE, offset, words)


async def _departments(db: Database) -> list[catalog.Link]:
    rows = await db.fetch("SELECT title, path FROM category WHERE parent_id IS NULL ORDER BY position, title LIMIT 8")
    return [catalog.Link(title=row["title"], url=catalog.category_url(row["path"])) for row in rows]


def _url(question: str, page: int) -> str:
    return "/search?" + urlencode([*([("page", str(page))] if page > 1 else []), ("q", question)])


async def suggest_view(question: str) -> SuggestView:
    """At most two categories and six products that what is being typed may mean; none for less than two characters."""
    words = rules.words_of(question)
    if len("".join(words)) < 2:
        return SuggestView(query=question, items=[])
    async with reading(EVERYONE) as db:
        rows = await db.fetch(SUGGESTED, rules.tsquery_of(question), " ".join(words) + "%")
        until = await catalog.next_publication()
    return SuggestView(query=question, items=[_item(row) for row in rows], until=until)


def _item(row: Any) -> SuggestItem:
    where = catalog.category_url if row["kind"] == "category" else catalog.product_url
    return SuggestItem(kind=row["kind"], title=row["title"], url=where(row["address"]), note=row["note"])

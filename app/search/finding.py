"""From words to products: what is counted and ranked is bounded, however common a word is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.catalog.queries import CARD_OF_X, SORTS
from app.db.engines import Database
from app.search import rules

MOST = 5_000  # products that one question counts
RANKED = 1_000  # of those, by their own rank, how many are compared and can be paged through
FINE = 300  # up to so many, whole documents are compared; beyond, headings

LIVE = "e.shown AND (e.publish_at IS NULL OR e.publish_at <= now())"

# Headings first, so that of a word in more than MOST products those are left out that only mention it.
HITS = f"""
    asked AS (SELECT to_tsquery('public.shop', $1) AS q, to_tsquery('public.shop', $2) AS loose),
    hits AS MATERIALIZED (
        SELECT e.product_id, e.heading, e.rank, 1 AS tier FROM asked, search_entry e WHERE e.heading @@ q AND {LIVE}
        UNION ALL
        SELECT e.product_id, e.heading, e.rank, 0 FROM asked, search_entry e WHERE e.document @@ q AND NOT e.heading @@ q AND {LIVE}
        LIMIT {MOST})
"""  # noqa: S608 - constants

BEST = f"""h.tier DESC, ts_rank('{{0.1,0.2,0.4,1}}', h.heading, loose) DESC, CASE WHEN n.many <= {FINE} THEN
    (SELECT ts_rank('{{0.1,0.4,0.6,1}}', e.document, loose) FROM search_entry e WHERE e.product_id = h.product_id) END DESC, h.rank, h.product_id"""  # noqa: S608 - constants

FOUND = f"""
    WITH {HITS}, n AS (SELECT count(*) AS many FROM hits),
    best AS (SELECT h.* FROM hits h {{joined}} ORDER BY {{first}} LIMIT {RANKED})
    SELECT x.many AS total, card.* FROM (
        SELECT h.product_id AS id, n.many, row_number() OVER (ORDER BY {{then}}) AS place
        FROM best h CROSS JOIN asked CROSS JOIN n {{joined}} ORDER BY place LIMIT $3 OFFSET $4
    ) x CROSS JOIN {CARD_OF_X} ORDER BY x.place
"""  # noqa: S608 - constants
BY_RANK = FOUND.format(joined="", first="h.tier DESC, h.rank, h.product_id", then=BEST)

MEANINGS = """
    SELECT gram, s.kind, s.terms, s.means, search_key(gram) AS key, search_keys(s.terms) AS keys
    FROM (SELECT gram, search_key(gram) AS key FROM unnest($1::text[]) gram) g
    JOIN synonym s ON search_keys(s.terms) && ARRAY[g.key] WHERE g.key <> ''
    ORDER BY s.id
"""
SKU = f"""SELECT p.slug FROM variant v JOIN product p ON p.id = v.product_id JOIN search_entry e ON e.product_id = p.id
    WHERE v.sku = ANY($1) AND v.published AND {LIVE} LIMIT 1"""  # noqa: S608 - constants

# Of the catalogue's words those near enough to each unknown one, nearest first; counted, since some are of products that are gone.
NEAR = f"""
    SELECT w.at, s.word, s.far, n.many FROM unnest($1::text[], $2::int[]) WITH ORDINALITY w(word, reach, at)
    CROSS JOIN LATERAL (
        SELECT c.word, CASE WHEN c.word = ANY($3::text[]) THEN 1 ELSE levenshtein_less_equal(c.word, w.word, w.reach) END AS far,
            similarity(c.word, w.word) AS alike
        FROM (SELECT word FROM search_word WHERE word % w.word
            UNION SELECT word FROM search_word WHERE length(w.word) < 7 AND length(word) BETWEEN length(w.word) - 1 AND length(w.word) + 1
                AND (word = ANY($3::text[]) OR levenshtein_less_equal(word, w.word, w.reach) <= w.reach)) c
        ORDER BY far, alike DESC LIMIT 6) s
    CROSS JOIN LATERAL (SELECT count(*) AS many FROM (
        SELECT FROM search_entry e WHERE e.document @@ plainto_tsquery('public.shop', s.word) AND {LIVE} LIMIT 200) e) n
    WHERE s.far <= w.reach AND n.many > 0
"""  # noqa: S608 - constants

# How many products have each of these; no more than MOST are counted. $1: tsqueries.
COUNTS = f"""
    SELECT (SELECT count(*) FROM (SELECT FROM search_entry e WHERE e.document @@ to_tsquery('public.shop', asked) AND {LIVE} LIMIT {MOST}) e) AS many
    FROM unnest($1::text[]) WITH ORDINALITY a(asked, at) ORDER BY at
"""  # noqa: S608 - constants


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question understood: its words, and for each place what is looked for."""

    words: list[str]
    slots: list[list[str]]


async def understood(db: Database, words: Sequence[str]) -> Asked:
    """The words with their synonyms. One statement, none for no words."""
    rows = await db.fetch(MEANINGS, rules.grams_of(words)) if words else []
    meanings: dict[str, list[str]] = {}
    for row in rows:
        meant = row["means"] if row["kind"] == "one" else _others(row)
        known = meanings.setdefault(row["gram"], [])
        known += [term for term in map(clean, meant) if term and term not in known]
    return Asked(words=list(words), slots=rules.slots_of(words, meanings))


def _others(row: Mapping[str, Any]) -> list[str]:
    return [term for term, key in zip(row["terms"], row["keys"], strict=True) if key != row["key"]]


def clean(term: str) -> str:
    """A term as words alone: it goes between quotes of a tsquery."""
    return " ".join(rules.words_of(term))


async def found(db: Database, asked: Asked, *, most: int, offset: int = 0, sort: str = "best") -> list[Any]:
    """Rows of cards with `total`; none where there are no words, or only such that no index keeps."""
    query = rules.tsquery_of(asked.slots)
    if not query:
        return []
    return await db.fetch(_in_order(sort), query, rules.ranking_of(asked.slots), most, offset)


def _in_order(sort: str) -> str:
    if sort not in SORTS:
        return BY_RANK
    order = f"{SORTS[sort][1]}, f.product_id"
    return FOUND.format(joined="JOIN product_facet f USING (product_id)", first=order, then=order)


async def sku_of(db: Database, question: str) -> str | None:
    """The slug of the product on sale that has this very stock number, however its letters are typed."""
    return await db.fetchval(SKU, [question, question.upper(), question.lower()]) if question else None


async def corrected(db: Database, asked: Asked) -> tuple[list[str], list[str]] | None:
    """The words with each that no product has replaced by the nearest one of the catalogue, and those nothing is near to.

    None when every word is known. Two statements.
    """
    many = await counts(db, [rules.tsquery_of([slot]) for slot in asked.slots])
    unknown = [
        slot[0]
        for slot, count in zip(asked.slots, many, strict=True)
        if not count and slot[0].isalpha() and len(slot[0]) > 2
    ]
    lost = [slot[0] for slot, count in zip(asked.slots, many, strict=True) if not count]
    if not lost:
        return None
    near = await _near(db, unknown)
    words = [near.get(slot[0], slot[0]) for slot in asked.slots if slot[0] in near or slot[0] not in lost]
    return words, [word for word in lost if word not in near]


async def _near(db: Database, unknown: Sequence[str]) -> dict[str, str]:
    slips = [slip for word in unknown for slip in rules.slips_of(word)]
    rows = await db.fetch(NEAR, list(unknown), [rules.reach_of(word) for word in unknown], slips) if unknown else []
    best: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        word = unknown[row["at"] - 1]
        best[word] = min(best.get(word, (99,)), (row["far"], -row["many"], row["word"]))
    return {word: str(chosen[-1]) for word, chosen in best.items()}


async def counts(db: Database, queries: Sequence[str]) -> list[int]:
    """How many products on sale each of these tsqueries finds."""
    return [row["many"] for row in await db.fetch(COUNTS, list(queries))] if queries else []

"""From words to products: what is counted and ranked is bounded, however common a word is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from babel.numbers import get_currency_precision

from app.catalog import queries as catalog
from app.catalog.queries import ORDERED, PER_PAGE, SORTS, Filters, Found, Scope, Window
from app.db.engines import Database
from app.search import rules
from app.settings import settings

MOST = 2_000  # products that one question counts
RANKED = 1_000  # of those, by their own rank, how many are compared and can be paged through
NOTHING = Found(filters=Filters(), total=0, counts={}, least=None, most=None, until=None, shelves={}, ids=[])
COMMONER = 10  # times as many products as a word has a near one must have, to be what was meant
FINE = 300  # up to so many, whole documents are compared; beyond, headings

LIVE = "e.shown AND (e.publish_at IS NULL OR e.publish_at <= now())"

# Headings first, so that of a word in more than MOST products those are left out that only mention it.
HITS = f"""(
    WITH asked AS (SELECT to_tsquery('public.shop', $1) AS q, to_tsquery('public.shop', $2) AS loose)
    SELECT e.product_id, e.heading, loose, 1 AS tier FROM asked, search_entry e WHERE e.heading @@ q AND {LIVE}
    UNION ALL
    SELECT e.product_id, e.heading, loose, 0 FROM asked, search_entry e WHERE e.document @@ q AND NOT e.heading @@ q AND {LIVE}
    LIMIT {MOST}) h JOIN product_facet f USING (product_id)"""  # noqa: S608 - constants

BEST = f"""
    SELECT b.product_id FROM (SELECT * FROM fits f ORDER BY tier DESC, rank, product_id LIMIT {RANKED}) b
    CROSS JOIN (SELECT count(*) AS many FROM fits) n
    ORDER BY tier DESC, ts_rank('{{{{0.1,0.2,0.4,1}}}}', heading, loose) DESC, CASE WHEN n.many <= {FINE} THEN
        (SELECT ts_rank('{{{{0.1,0.4,0.6,1}}}}', e.document, loose) FROM search_entry e WHERE e.product_id = b.product_id) END DESC, rank, product_id
    LIMIT {{most}} OFFSET {{after}}
"""  # noqa: S608 - constants

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


async def found(db: Database, asked: Asked, filters: Filters, *, page: int, sort: str) -> Found:
    """What has the words under these filters; nothing where there are no words, or only such that no index keeps."""
    query = rules.tsquery_of(asked.slots)
    if not query:
        return NOTHING
    order = SORTS[sort][1] if sort in SORTS else None
    how = ORDERED if order else BEST
    scope = Scope(
        HITS, "true", [query, rules.ranking_of(asked.slots)], more=", tier, heading, loose", page=how, anywhere=True
    )
    places = get_currency_precision(settings().currency)
    window = Window(order, PER_PAGE, (page - 1) * PER_PAGE)
    return await catalog.found(db, scope, filters, places=places, window=window)


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


async def meant(db: Database, asked: Asked) -> str | None:
    """The question with words of which the catalogue has a near one that is COMMONER times as common, if that finds more.

    One statement, two where there is such a word.
    """
    words = [word for word in asked.words if word.isalpha() and len(word) > 3]
    if not words:
        return None
    slips = [slip for word in words for slip in rules.slips_of(word)]
    rows = await db.fetch(NEAR, words, [rules.reach_of(word) for word in words], slips)
    own = {row["word"]: row["many"] for row in rows}
    better: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        word = words[row["at"] - 1]
        if row["many"] >= COMMONER * max(1, own.get(word, 0)):
            better[word] = min(better.get(word, (99,)), (row["far"], -row["many"], row["word"]))
    if not better:
        return None
    instead = [better[word][-1] if word in better else word for word in asked.words]
    now, then = await counts(db, [rules.tsquery_of([[word] for word in each]) for each in (asked.words, instead)])
    return " ".join(instead) if then > now else None


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

"""Facets of any set of products: what can be chosen, and honestly how many each choice would show.

A value counts the products that fit everything chosen in other facets, whatever is chosen in its own. All values are
counted in one pass: each product knows which single facet it fails (`missed`, one bit a facet), and those that fail one
count for that facet only. Categories, collections and search differ in their `Scope` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from app.catalog.filters import Filters
from app.catalog.narrowing import MONTH, NEW, VISIBLE, Narrowed, meant, narrowed
from app.db.engines import Database

ORDERED = "SELECT f.product_id FROM fits f ORDER BY {order}, f.product_id LIMIT {most} OFFSET {after}"


class Scope(NamedTuple):
    """A set of products: FROM and WHERE over product_facet `f`, whose arguments come first.

    `place`: their order when featured, of the columns of `seen` or `more`, which names some beside it. `page`: how the
    products of a page are taken from `fits`, with places for the order, how many, and after how many. `anywhere`: values
    of any product of the shop mean something here.
    """

    tables: str
    where: str
    args: Sequence[Any]
    place: str = "f.rank"
    more: str = ""
    page: str = ORDERED
    anywhere: bool = False


class Window(NamedTuple):
    """Which of the products that fit are wanted. `order`: None where they are featured."""

    order: str | None
    most: int
    after: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a scope holds under some filters.

    `filters`: those asked for that mean something here. `counts`: (name, value) -> products, 0 for a
    value that only products left out have. `least`, `most`: prices, in
    minor units, whatever range was asked for. `until`: when time alone changes any of it. `shelves`: category -> products
    under no filter. `ids`: those of the window.
    """

    filters: Filters
    total: int
    counts: dict[tuple[str, str], int]
    least: int | None
    most: int | None
    until: datetime | None
    shelves: dict[str, int]
    ids: list[UUID]


def of_categories(category_ids: Sequence[UUID]) -> Scope:
    return Scope("product_facet f", "f.category_id = ANY($1)", [list(category_ids)])


KNOWN = """
    SELECT k.id, k.name, k.value FROM unnest(${at}::text[], ${then}::text[]) asked(name, value) JOIN facet_value k USING (name, value)
"""
HERE = """
    WHERE EXISTS (SELECT FROM {tables} WHERE {where} AND f.facets @> ARRAY[k.id])
"""

SEEN = f"""
    WITH seen AS MATERIALIZED (
        SELECT f.product_id, f.category_id, f.rank, f.price, f.since, f.rating, f.publish_at, f.facets{{more}},
            {{missed}} AS missed, {VISIBLE} AS visible, {NEW} AS new
        FROM {{tables}} WHERE {{where}}),
    fits AS (SELECT * FROM seen WHERE missed = 0 AND visible),
    totals AS (
        SELECT missed, category_id, count(*) FILTER (WHERE visible) AS many, count(*) FILTER (WHERE visible AND new) AS new,
            min(price) FILTER (WHERE visible) AS least, max(price) FILTER (WHERE visible) AS most,
            least(min(publish_at) FILTER (WHERE NOT visible), min(since) FILTER (WHERE new) + {MONTH}) AS until
        FROM seen GROUP BY missed, category_id),
    counts AS (
        SELECT value, missed, count(*) AS many
        FROM (SELECT unnest(facets) AS value, {{told}} AS missed FROM seen WHERE visible) x GROUP BY value, missed)
    SELECT (SELECT json_agg(t) FROM totals t) AS totals, least((SELECT min(until) FROM totals),
            (SELECT min(price_turns) FROM product WHERE price_turns IS NOT NULL AND id IN (SELECT product_id FROM seen))) AS until,
        (SELECT json_agg(json_build_object('name', k.name, 'value', k.value, 'missed', c.missed, 'many', c.many))
         FROM counts c JOIN facet_value k ON k.id = c.value) AS counts,
        ARRAY({{page}}) AS ids
"""  # noqa: S608 - constants


async def found(db: Database, scope: Scope, asked: Filters, *, places: int, window: Window) -> Found:
    """What there is under these filters; `places`: digits of the currency after the point. One statement, two with values."""
    known = await _known(db, scope, asked) if asked.values else {}
    on = narrowed(meant(asked, known), known, len(scope.args), places)
    # What fails more than one facet counts for none, and says which values there are besides.
    given = [*scope.args, *on.args, *([on.single] if on.conditions else [])]
    told = f"CASE WHEN missed = ANY(${len(given)}::int[]) THEN missed ELSE -1 END" if on.conditions else "0"
    page = scope.page.format(order=window.order or scope.place, most=window.most, after=window.after)
    row = await db.fetchrow(SEEN.format(**scope._asdict() | {"missed": on.missed, "page": page, "told": told}), *given)
    return found_in(row, on)


async def _known(db: Database, scope: Scope, asked: Filters) -> dict[tuple[str, str], int]:
    pairs = [(name, value) for name, values in asked.values.items() for value in values]
    args = [] if scope.anywhere else scope.args
    sql = KNOWN.format(at=len(args) + 1, then=len(args) + 2)
    if not scope.anywhere:
        sql += HERE.format(tables=scope.tables, where=scope.where)
    rows = await db.fetch(sql, *args, *map(list, zip(*pairs, strict=True)))
    return {(row["name"], row["value"]): row["id"] for row in rows}


def found_in(row: Any, on: Narrowed) -> Found:
    """What a row says of `totals`, `counts`, `until` and `ids`."""
    bits = {name: 1 << bit for bit, name in enumerate(on.names)}
    totals = row["totals"] or []
    priced = [each for each in totals if each["missed"] in (0, bits.get("price", 0)) and each["many"]]
    shelves: dict[str, int] = {}
    for each in totals:
        shelves[each["category_id"]] = shelves.get(each["category_id"], 0) + each["many"]
    return Found(
        filters=on.filters,
        total=sum(each["many"] for each in totals if each["missed"] == 0),
        counts=_counts([*(row["counts"] or []), *_new(totals)], bits, sum(shelves.values())),
        least=min((each["least"] for each in priced), default=None),
        most=max((each["most"] for each in priced), default=None),
        until=row["until"],
        shelves=shelves,
        ids=row["ids"],
    )


def _new(totals: list[Any]) -> list[dict[str, Any]]:
    """What is new, which no row of the index says: time decides it."""
    said = {"name": "offer", "value": "new"}
    return [said | {"missed": each["missed"], "many": each["new"]} for each in totals if each["new"]]


def _counts(rows: list[Any], bits: dict[str, int], everything: int) -> dict[tuple[str, str], int]:
    """Of facets that tell some products from others, whatever is chosen now: none comes or goes as one narrows. And of chosen ones."""
    many: dict[tuple[str, str], int] = {}
    held: dict[str, dict[str, int]] = {}
    for each in rows:
        name, value = each["name"], each["value"]
        fits = each["many"] if each["missed"] in (0, bits.get(name, 0)) else 0
        many[name, value] = many.get((name, value), 0) + fits
        values = held.setdefault(name, {})
        values[value] = values.get(value, 0) + each["many"]
    telling = bits.keys() | {
        name for name, values in held.items() if len(values) > 1 or min(values.values()) < everything
    }
    return {key: count for key, count in many.items() if key[0] in telling}

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
from app.catalog.rules import NEW_FOR
from app.db.engines import Database

NEW = f"f.since > now() - make_interval(secs => {int(NEW_FOR.total_seconds())})"


class Scope(NamedTuple):
    """A set of products: FROM and WHERE over product_facet `f`, whose arguments come first, and their order when featured."""

    tables: str
    where: str
    args: Sequence[Any]
    place: str = "f.rank"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a scope holds under some filters.

    `filters`: those asked for that mean something here. `counts`: (name, value) -> products. `least`, `most`: prices, in
    minor units, whatever range was asked for. `until`: when time alone changes any of it.
    """

    filters: Filters
    total: int
    counts: dict[tuple[str, str], int]
    least: int | None
    most: int | None
    until: datetime | None
    narrowed: Scope


def of_categories(category_ids: Sequence[UUID]) -> Scope:
    return Scope("product_facet f", "f.category_id = ANY($1)", [list(category_ids)])


def of_products(product_ids: Sequence[UUID]) -> Scope:
    """These products, featured in this order."""
    return Scope(
        "unnest($1::uuid[]) WITH ORDINALITY h(id, place) JOIN product_facet f ON f.product_id = h.id",
        "true",
        [list(product_ids)],
        "h.place",
    )


KNOWN = """
    SELECT k.id, k.name, k.value FROM unnest(${at}::text[], ${then}::text[]) asked(name, value) JOIN facet_value k USING (name, value)
    WHERE EXISTS (SELECT FROM {tables} WHERE {where} AND f.facets @> ARRAY[k.id])
"""

TOTALS = """
    SELECT {missed} AS missed, count(*) FILTER (WHERE {visible}) AS many, count(*) FILTER (WHERE {new} AND {visible}) AS new,
        min(f.price) FILTER (WHERE {visible}) AS least, max(f.price) FILTER (WHERE {visible}) AS most,
        least((SELECT min(price_turns) FROM product WHERE price_turns IS NOT NULL
                AND id IN (SELECT f.product_id FROM {tables} WHERE {where})),
            min(CASE WHEN f.publish_at > now() THEN f.publish_at WHEN {new} THEN f.since + make_interval(secs => {seconds}) END)) AS until
    FROM {tables} WHERE {where} GROUP BY 1
"""

COUNTS = """
    SELECT k.name, k.value, c.missed, c.many
    FROM (SELECT value, missed, count(*) AS many
        FROM (SELECT {missed} AS missed, unnest(f.facets) AS value FROM {tables} WHERE {where} AND {visible} AND {missed} = ANY({single})) x
        GROUP BY 1, 2) c
    JOIN facet_value k ON k.id = c.value
"""
VISIBLE = "(f.publish_at IS NULL OR f.publish_at <= now())"


async def found(db: Database, scope: Scope, asked: Filters, *, places: int, few: int = 0) -> Found:
    """What there is under these filters; `places`: digits of the currency after the point.

    Where there are fewer than `few` and nothing is chosen, values are not counted.
    """
    known = await _known(db, scope, asked) if asked.values else {}
    filters = _meant(asked, known)
    names, conditions, args = _conditions(filters, known, len(scope.args), places)
    missed = " + ".join(f"CASE WHEN {each} THEN 0 ELSE {1 << bit} END" for bit, each in enumerate(conditions)) or "0"
    words = {"tables": scope.tables, "where": scope.where, "visible": VISIBLE, "missed": missed, "new": NEW}
    given = [*scope.args, *args]
    totals = await db.fetch(TOTALS.format(**words, seconds=int(NEW_FOR.total_seconds())), *given)
    single = [0, *(1 << bit for bit in range(len(names)))]
    counted = names or sum(row["many"] for row in totals) >= few
    each = COUNTS.format(**words, single=f"${len(given) + 1}::int[]")
    counts = await db.fetch(each, *given, single) if counted else []
    bits = {name: 1 << bit for bit, name in enumerate(names)}
    narrowed = Scope(scope.tables, " AND ".join([scope.where, VISIBLE, *conditions]), given, scope.place)
    return _found(filters, totals, counts, bits, narrowed)


async def _known(db: Database, scope: Scope, asked: Filters) -> dict[tuple[str, str], int]:
    pairs = [(name, value) for name, values in asked.values.items() for value in values]
    at = len(scope.args) + 1
    sql = KNOWN.format(at=at, then=at + 1, tables=scope.tables, where=scope.where)
    rows = await db.fetch(sql, *scope.args, *map(list, zip(*pairs, strict=True)))
    return {(row["name"], row["value"]): row["id"] for row in rows}


def _meant(asked: Filters, known: dict[tuple[str, str], int]) -> Filters:
    """The filters without values that no product here has; `new` is one that time decides."""
    kept = {
        name: tuple(value for value in values if (name, value) in known or (name, value) == ("offer", "new"))
        for name, values in asked.values.items()
    }
    return msgspec.structs.replace(asked, values={name: values for name, values in kept.items() if values})


def _conditions(
    filters: Filters, known: dict[tuple[str, str], int], at: int, places: int
) -> tuple[list[str], list[str], list[Any]]:
    """Each filter's name, its condition, and their arguments, numbered after the first `at`."""
    names: list[str] = []
    conditions: list[str] = []
    args: list[Any] = []
    for name, values in filters.values.items():
        args.append([known[name, value] for value in values if (name, value) in known])
        new = f" OR {NEW}" if name == "offer" and "new" in values else ""
        names.append(name)
        conditions.append(f"(f.facets && ${at + len(args)}::int[]{new})")
    if filters.low is not None or filters.high is not None:
        unit = 10**places
        args += [(filters.low or 0) * unit, filters.high * unit if filters.high is not None else 2**62]
        names.append("price")
        conditions.append(f"f.price BETWEEN ${at + len(args) - 1} AND ${at + len(args)}")
    return names, conditions, args


def _found(
    filters: Filters, totals: Sequence[Any], counts: Sequence[Any], bits: dict[str, int], narrowed: Scope
) -> Found:
    many: dict[tuple[str, str], int] = {}
    for row in counts:
        if row["missed"] in (0, bits.get(row["name"], 0)):
            key = (row["name"], row["value"])
            many[key] = many.get(key, 0) + row["many"]
    many["offer", "new"] = sum(row["new"] for row in totals if row["missed"] in (0, bits.get("offer", 0)))
    priced = [row for row in totals if row["missed"] in (0, bits.get("price", 0)) and row["many"]]
    return Found(
        filters=filters,
        total=sum(row["many"] for row in totals if row["missed"] == 0),
        counts=many,
        least=min((row["least"] for row in priced), default=None),
        most=max((row["most"] for row in priced), default=None),
        until=min((row["until"] for row in totals if row["until"]), default=None),
        narrowed=narrowed,
    )

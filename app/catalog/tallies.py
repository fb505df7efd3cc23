"""Lists of whole categories from kept sums (tallies.sql): only what a filter tells from the others is counted, the sums say the rest.

With one filter that is what fits or what doesn't, whichever is less; with several what fits all of them but one at most.
The answers are those of `facets.found`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.catalog.facets import Found, Window, found_in
from app.catalog.filters import Filters
from app.catalog.narrowing import MONTH, NEW, VISIBLE, Narrowed, meant, narrowed
from app.db.engines import Database

HERE = "FROM product_facet f WHERE f.category_id = ANY($1)"
WALK = "FROM unnest($1::uuid[]) c(id) CROSS JOIN LATERAL (SELECT f.* FROM product_facet f WHERE f.category_id = c.id"

# `told` has rows of (category, value, filters missed, products to add): of value 0 is every product, of -1 a new one.
# `others`: what those miss that are not counted; -1 is more than one.
TALLIED = f"""
    WITH known AS (
        SELECT category_id, value, many FROM facet_tally WHERE category_id = ANY($1)
        UNION ALL SELECT f.category_id, -1, count(*) {HERE} AND {NEW} GROUP BY 1
        UNION ALL SELECT f.category_id, unnest(f.facets || '{{{{0,-1}}}}'::int[]), -1 {HERE} AND f.publish_at > now()),
    few AS (
        SELECT f.category_id, unnest(f.facets || CASE WHEN {NEW} THEN '{{{{0,-1}}}}'::int[] ELSE '{{{{0}}}}' END) AS value, {{missed}} AS missed, count(*) AS many
        {HERE} AND {VISIBLE} AND {{counted}} GROUP BY 1, 2, 3),
    told AS (
        SELECT category_id, value, {{others}} AS missed, many FROM known
        UNION ALL SELECT category_id, value, {{others}}, -many FROM few
        UNION ALL SELECT category_id, value, missed, many FROM few),
    ends AS (
        SELECT (SELECT min(price) {WALK} AND {VISIBLE} AND {{ranged}} ORDER BY f.price LIMIT 1) f) AS least,
            (SELECT max(price) {WALK} AND {VISIBLE} AND {{ranged}} ORDER BY f.price DESC LIMIT 1) f) AS most),
    totals AS (
        SELECT missed, category_id, sum(many) FILTER (WHERE value = 0) AS many, sum(many) FILTER (WHERE value = -1) AS new
        FROM told WHERE value <= 0 GROUP BY missed, category_id),
    counts AS (SELECT value, missed, sum(many) AS many FROM told WHERE value > 0 GROUP BY value, missed HAVING sum(many) > 0)
    SELECT (SELECT json_agg(json_build_object('missed', missed, 'category_id', category_id, 'many', coalesce(many, 0), 'new', coalesce(new, 0),
            'least', least, 'most', most)) FROM totals, ends) AS totals,
        least((SELECT min(f.publish_at) {HERE} AND f.publish_at > now()),
            (SELECT min(since) {WALK} AND {NEW} ORDER BY f.since LIMIT 1) f) + {MONTH},
            (SELECT min(p.price_turns) FROM product p JOIN product_facet f ON f.product_id = p.id
             WHERE p.price_turns IS NOT NULL AND f.category_id = ANY($1))) AS until,
        (SELECT json_agg(json_build_object('name', k.name, 'value', k.value, 'missed', c.missed, 'many', c.many))
         FROM counts c JOIN facet_value k ON k.id = c.value) AS counts,
        ARRAY(SELECT f.product_id {WALK} AND {VISIBLE} AND {{fits}} ORDER BY {{order}}, f.product_id LIMIT {{upto}}) f
            ORDER BY {{order}}, f.product_id LIMIT {{most}} OFFSET {{after}}) AS ids
"""  # noqa: S608 - constants

KNOWN = """
    SELECT k.id, k.name, k.value, sum(t.many) AS many FROM unnest($2::text[], $3::text[]) asked(name, value)
    JOIN facet_value k USING (name, value) JOIN facet_tally t ON t.value = k.id AND t.category_id = ANY($1)
    GROUP BY 1 HAVING sum(t.many) > 0
"""
ALL = "SELECT sum(many) FROM facet_tally WHERE category_id = ANY($1) AND value = 0"


async def found(db: Database, category_ids: Sequence[UUID], asked: Filters, *, places: int, window: Window) -> Found:
    """As `facets.found` of these categories."""
    here = list(category_ids)
    pairs = [(name, value) for name, values in asked.values.items() for value in values]
    rows = await db.fetch(KNOWN, here, *map(list, zip(*pairs, strict=True))) if pairs else []
    known = {(row["name"], row["value"]): row["id"] for row in rows}
    on = narrowed(meant(asked, known), known, 1, places)
    most = len(on.names) == 1 and rows and 2 * sum(row["many"] for row in rows) > await db.fetchval(ALL, here)
    words = _most_fit(on) if most else _few_fit(on)
    order, upto = window.order or "f.rank", window.after + window.most
    sql = TALLIED.format(**words, **_ends(on), order=order, upto=upto, most=window.most, after=window.after)
    return found_in(await db.fetchrow(sql, here, *on.args), on)


def _most_fit(on: Narrowed) -> dict[str, Any]:
    return {"counted": f"NOT {on.conditions[0]}", "missed": 1, "others": 0}


def _few_fit(on: Narrowed) -> dict[str, Any]:
    match on.conditions:
        case []:
            return {"counted": "false", "missed": 0, "others": 0}
        case [fits]:
            return {"counted": fits, "missed": 0, "others": 1}
    single = ", ".join(map(str, on.single))
    return {"counted": f"({on.missed}) IN ({single})", "missed": on.missed, "others": -1}


def _ends(on: Narrowed) -> dict[str, str]:
    """What the page shows fits everything; the ends of prices are those of what fits all but a range of prices."""
    but_price = [fits for name, fits in zip(on.names, on.conditions, strict=True) if name != "price"]
    return {"fits": " AND ".join(on.conditions) or "true", "ranged": " AND ".join(but_price) or "true"}

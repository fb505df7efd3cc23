"""What stands beside a product: chosen by hand, bought together, or next to it in its category."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app.catalog.cards import CARD, CARDS, ON_SALE, card_of, card_tags, next_change
from app.catalog.views import Card, product_url
from app.db.engines import EVERYONE, Database, reading
from app.edge import tags

SHOWN = 4
LOOKED_AT = 500  # the latest orders of a product that are counted
ENOUGH = 2  # orders that must agree: what one person bought is nobody's business

PRODUCT = f"""
    SELECT p.id, p.category_id, p.rank,
        (SELECT min(n.publish_at) FROM product n WHERE n.category_id = p.category_id AND n.status = 'published' AND n.publish_at > now()) AS until
    FROM product p WHERE p.slug = $1 AND {ON_SALE}
"""  # noqa: S608 - constants

CHOSEN = f"""
    SELECT {CARD} FROM association a JOIN {CARDS} ON p.id = a.other_id
    WHERE a.product_id = $1 AND {ON_SALE} ORDER BY a.position, a.id LIMIT {SHOWN}
"""  # noqa: S608 - constants

TOGETHER = f"""
    SELECT {CARD} FROM (
        SELECT o.product_id, count(*) AS times
        FROM (SELECT order_id FROM bought WHERE product_id = $1 ORDER BY at DESC LIMIT {LOOKED_AT}) mine
        JOIN bought o USING (order_id) WHERE o.product_id <> $1
        GROUP BY 1 HAVING count(*) >= {ENOUGH}
    ) t JOIN {CARDS} ON p.id = t.product_id WHERE {ON_SALE} ORDER BY t.times DESC, p.rank, p.id LIMIT {2 * SHOWN}
"""  # noqa: S608 - constants

# Neighbours in the category's order, so that not every product recommends the same few.
NEXT_TO_IT = f"""
    (SELECT {CARD} FROM {CARDS} WHERE {ON_SALE} AND p.category_id = $1 AND (p.rank, p.id) > ($2, $3) ORDER BY p.rank, p.id LIMIT {2 * SHOWN})
    UNION ALL
    (SELECT {CARD} FROM {CARDS} WHERE {ON_SALE} AND p.category_id = $1 AND (p.rank, p.id) < ($2, $3) ORDER BY p.rank, p.id LIMIT {2 * SHOWN})
"""  # noqa: S608 - constants

NOTE = """
    INSERT INTO bought (order_id, product_id, at) SELECT DISTINCT $1::uuid, product_id, $3::timestamptz FROM variant WHERE id = ANY($2)
    ON CONFLICT DO NOTHING
"""


class RelatedView(msgspec.Struct, frozen=True, kw_only=True):
    """Up to four cards to show beside a product. `together`: those that are there because others bought them with it.

    `until`: when time alone changes them.
    """

    cards: list[Card]
    together: frozenset[UUID]
    tags: frozenset[str]
    until: datetime | None


async def related_view(slug: str) -> RelatedView | None:
    """What goes with a product: what staff chose, then what others bought with it, then its neighbours. None unless it is on sale."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(PRODUCT, slug)
        if row is None:
            return None
        found = await _found(db, row["id"], category_id=row["category_id"], rank=row["rank"])
    cards = [card for card, _ in found]
    return RelatedView(
        cards=cards,
        together=frozenset(card.product_id for card, why in found if why is TOGETHER),
        tags=frozenset(
            {tags.related(row["id"]), tags.neighbours(row["category_id"]), tags.path(product_url(slug))}
            | card_tags(cards)
        ),
        until=next_change(cards, row["until"]),
    )


async def _found(db: Database, product_id: UUID, *, category_id: UUID, rank: int) -> list[tuple[Card, str]]:
    """One statement after another, until there are enough; each card with the statement that found it first."""
    found: dict[UUID, tuple[Card, str]] = {}
    asked = ((CHOSEN, (product_id,)), (TOGETHER, (product_id,)), (NEXT_TO_IT, (category_id, rank, product_id)))
    for sql, arguments in asked:
        if len(found) < SHOWN:
            found |= {
                card.product_id: (card, sql)
                for card in map(card_of, await db.fetch(sql, *arguments))
                if card.product_id not in found
            }
    return list(found.values())[:SHOWN]


async def note_bought(db: Database, order_id: UUID, variant_ids: list[UUID], at: datetime) -> None:
    """The products of an order count as bought together, in the caller's transaction of the shared database. Twice is once."""
    await db.execute(NOTE, order_id, variant_ids, at)


async def unknown_beside(db: Database, product_id: UUID, slugs: Sequence[str]) -> list[str]:
    """Those of these slugs that name no other product."""
    rows = await db.fetch("SELECT slug FROM product WHERE slug = ANY($1) AND id <> $2", list(slugs), product_id)
    known = {row["slug"] for row in rows}
    return [slug for slug in slugs if slug not in known]


async def write_beside(db: Database, product_id: UUID, slugs: Sequence[str]) -> None:
    """What staff show beside the product is this, in this order; rows that stay as they are purge nothing."""
    await db.execute(
        "DELETE FROM association WHERE product_id = $1 AND other_id NOT IN (SELECT id FROM product WHERE slug = ANY($2))",
        *(product_id, list(slugs)),
    )
    await db.execute(
        """INSERT INTO association AS a (id, product_id, other_id, position)
        SELECT gen_random_uuid(), $1, p.id, w.at FROM unnest($2::text[]) WITH ORDINALITY w(slug, at) JOIN product p USING (slug)
        ON CONFLICT (product_id, other_id) DO UPDATE SET position = EXCLUDED.position WHERE a.position <> EXCLUDED.position""",
        *(product_id, list(slugs)),
    )

"""Products as cards among others: what a card needs, who belongs to a collection, and shelves of cards for other pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.catalog import clock, rules
from app.catalog.pictures import picture_of
from app.catalog.views import Card, category_url, product_url
from app.db.engines import EVERYONE, reading
from app.edge import tags
from app.values import now

ON_SALE = "p.status = 'published' AND (p.publish_at IS NULL OR p.publish_at <= now()) AND p.price_from IS NOT NULL"

CARD = """p.id AS product_id, p.slug, p.title, m.name AS maker, m.id AS maker_id, p.attributes->>'material' AS material,
    p.price_from, p.price_to, p.was_from, p.price_turns, p.currency, p.band, p.rating_sum, p.rating_count, coalesce(p.publish_at, p.created_at) AS since,
    json_build_object('hash', i.hash, 'alt', i.alt, 'width', i.width, 'height', i.height) AS picture"""
CARDS = "product p JOIN maker m ON m.id = p.maker_id LEFT JOIN picture i ON i.hash = p.picture_hash"
# The card of each chosen x.id: looked up one by one, since whoever chooses from a big shop takes few.
CARD_OF_X = f"LATERAL (SELECT {CARD} FROM {CARDS} WHERE p.id = x.id OFFSET 0) card"  # noqa: S608 - constants

CARDS_AT = f"SELECT card.* FROM unnest($1::uuid[]) WITH ORDINALITY x(id, place) CROSS JOIN {CARD_OF_X} ORDER BY x.place"  # noqa: S608 - constants

# Which products `f` of product_facet belong to collection c, by the kind of its rule; RULE_READS says what rules look at.
RULES = {
    "new": "f.since > now() - make_interval(hours => 24 * (c.rule->>'days')::int)",
    "on_sale": "f.facets @> ARRAY[(SELECT id FROM facet_value WHERE name = 'offer' AND value = 'sale')]",
    "last_few": "f.product_id IN (SELECT id FROM product WHERE band = 'few')",
    "under": "f.price < (c.rule->>'amount')::bigint",
    "from": "f.price >= (c.rule->>'amount')::bigint",
    "category": """f.category_id IN (SELECT g.id FROM category a JOIN category g ON starts_with(g.path || '/', a.path || '/')
        WHERE a.id = (c.rule->>'category')::uuid)""",
    "maker": "f.product_id IN (SELECT id FROM product WHERE maker_id = (c.rule->>'maker')::uuid)",
    "rating": """f.product_id IN (SELECT id FROM product
        WHERE rating_count > 0 AND rating_sum >= (c.rule->>'stars')::int * rating_count)""",
    "attribute": """f.product_id IN (
        SELECT a.id FROM product a WHERE a.attributes->(c.rule->>'code') @> (c.rule->'value')
        UNION SELECT v.product_id FROM variant v WHERE v.published AND v.options->(c.rule->>'code') = c.rule->'value')""",
}

BY_HAND = f"""SELECT p.id, h.position AS place FROM collection_product h JOIN product p ON p.id = h.product_id
    WHERE c.kind = 'manual' AND h.collection_id = c.id AND {ON_SALE}"""  # noqa: S608 - constants
BY_RULE = """SELECT f.product_id, f.rank FROM product_facet f
    WHERE c.kind = 'rule' AND c.rule->>'kind' = '{kind}' AND (f.publish_at IS NULL OR f.publish_at <= now()) AND {rule}"""
# Who is in collection c, and at which place. Of the branches a collection runs one.
MEMBERS = (
    " UNION ALL ".join([BY_HAND, *(BY_RULE.format(kind=kind, rule=rule) for kind, rule in RULES.items())]) + " OFFSET 0"
)
RULE_READS = {
    "new": "publish_at",
    "on_sale": "was_from",
    "last_few": "band",
    "under": "price_from",
    "from": "price_from",
    "category": "category_id",
    "maker": "maker_id",
    "rating": "rating_sum",
    "attribute": "attributes",
}

# When time alone adds a product to some list, moves any across a price, or takes the oldest one out of collection c.
NEXT = """least((SELECT min(price_turns) FROM product WHERE c.rule->>'kind' IN ('on_sale', 'under', 'from')),
    (SELECT min(publish_at) FROM product WHERE status = 'published' AND publish_at > now()),
    (SELECT min(f.since) + make_interval(hours => 24 * (c.rule->>'days')::int) FROM product_facet f
     WHERE c.rule->>'kind' = 'new' AND (f.publish_at IS NULL OR f.publish_at <= now())
     AND f.since > now() - make_interval(hours => 24 * (c.rule->>'days')::int)))"""

# One row for each card of each shelf, or one of nulls for an empty one.
SHELVES = f"""
    SELECT s.at, c.id AS collection_id, c.rule->>'kind' AS rule, card.*, {NEXT} AS until
    FROM ROWS FROM (jsonb_to_recordset($1) AS (at int, collection text, category text, slugs jsonb, most int)) AS s
    LEFT JOIN collection c ON c.slug = s.collection
    LEFT JOIN LATERAL (SELECT * FROM (
        (SELECT * FROM ({MEMBERS}) of_collection)
        UNION ALL
        SELECT p.id, p.rank FROM category g JOIN product p ON p.category_id = g.id
        WHERE s.collection IS NULL AND starts_with(g.path || '/', s.category || '/') AND {ON_SALE}
        UNION ALL
        SELECT p.id, w.position FROM jsonb_array_elements_text(s.slugs) WITH ORDINALITY w(slug, position) JOIN product p USING (slug)
        WHERE s.collection IS NULL AND s.category IS NULL AND {ON_SALE}
    ) any_kind ORDER BY place, id LIMIT s.most) x ON true
    LEFT JOIN {CARD_OF_X} ON true ORDER BY s.at, x.place, x.id
"""  # noqa: S608 - constants


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """A few products wanted by another page: of a collection, else of a category, else these, in this order."""

    collection: str | None = None
    category: str | None = None
    slugs: list[str] = []
    most: int = 8


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """A shelf with its cards, the tags of all that decided them, and when time alone changes it."""

    cards: list[Card]
    tags: set[str]
    until: datetime | None


def card_of(row: Any) -> Card:
    """A card from a row of CARD's columns."""
    return Card(
        product_id=row["product_id"],
        slug=row["slug"],
        url=product_url(row["slug"]),
        title=row["title"],
        maker=row["maker"],
        material=row["material"],
        price=row["price_from"],
        price_to=row["price_to"] if row["price_to"] != row["price_from"] else None,
        was=row["was_from"],
        currency=row["currency"],
        band=row["band"],
        picture=picture_of(row["picture"]),
        badge=rules.badge_of(row["was_from"], row["band"], row["since"], now()),
        until=clock.first(row["price_turns"], clock.badge_until(row["was_from"], row["band"], row["since"], now())),
        rating=row["rating_sum"] / row["rating_count"] if row["rating_count"] else None,
        rating_count=row["rating_count"],
    )


def next_change(shown: Iterable[Card], *others: datetime | None) -> datetime | None:
    """When time alone changes the first of these cards, unless one of `others` comes before.

    `others` were ahead by the database's clock when it chose the rows; by ours they may have passed, and still are to come.
    """
    return clock.first(*(card.until for card in shown), *others)


def card_tags(shown: Iterable[Card]) -> set[str]:
    return {tags.card(card.product_id) for card in shown}


async def cards(product_ids: Sequence[UUID]) -> list[Card]:
    """The cards of those of these products that are on sale, in the order given."""
    sql = f"SELECT {CARD} FROM {CARDS} WHERE p.id = ANY($1) AND {ON_SALE} ORDER BY array_position($1, p.id)"  # noqa: S608 - constants
    async with reading(EVERYONE) as db:
        return [card_of(row) for row in await db.fetch(sql, list(product_ids))]


async def card(slug: str) -> Card | None:
    """The card of a product on sale."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(f"SELECT {CARD} FROM {CARDS} WHERE p.slug = $1 AND {ON_SALE}", slug)  # noqa: S608 - constants
    return card_of(row) if row else None


async def next_publication() -> datetime | None:
    """When the next product comes on sale by itself."""
    async with reading(EVERYONE) as db:
        return await db.fetchval(
            "SELECT min(publish_at) FROM product WHERE status = 'published' AND publish_at > now()"
        )


async def shelves(wanted: Sequence[Shelf]) -> list[Filled]:
    """Each shelf filled, in the order given; an unknown collection or category is an empty one."""
    if not wanted:
        return []
    asked = [{"at": at} | msgspec.to_builtins(shelf) for at, shelf in enumerate(wanted)]
    async with reading(EVERYONE) as db:
        rows = await db.fetch(SHELVES, asked)
    return [_filled(shelf, [row for row in rows if row["at"] == at]) for at, shelf in enumerate(wanted)]


def _filled(shelf: Shelf, rows: list[Any]) -> Filled:
    found = [card_of(row) for row in rows if row["product_id"]]
    until = next_change(found, rows[0]["until"])
    return Filled(cards=found, tags=card_tags(found) | _decided_by(shelf, rows[0], found), until=until)


def _decided_by(shelf: Shelf, row: Any, found: list[Card]) -> set[str]:
    if row["collection_id"]:
        return collection_tags(row["collection_id"], row["rule"])
    if shelf.collection:
        return {tags.path(category_url(shelf.collection))}
    if shelf.category:
        return {tags.lists_by(column) for column in ("category_id", "status", "rank")}
    missing = set(shelf.slugs) - {card.slug for card in found}
    return {tags.path(product_url(slug)) for slug in missing}


def collection_tags(collection_id: UUID, rule: str | None) -> set[str]:
    """What decides who is in a collection: its own row, and the columns of products that its rule reads."""
    reads = [RULE_READS[rule], "rank"] if rule in RULE_READS else []  # by hand, a place is a row of its own
    return {tags.collection(collection_id), *(tags.lists_by(column) for column in [*reads, "status"])}

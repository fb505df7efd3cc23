"""What the screens of collections read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from app.admin import rules
from app.catalog.queries import ON_SALE
from app.db.edits import Edit, edits_of
from app.db.engines import EVERYONE, writing

FOUND = 8  # products that a search offers
PER_PAGE = 50


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A collection in the list. `chosen`: products put into one that is made by hand."""

    id: UUID
    slug: str
    title: str
    rule: dict[str, Any]
    chosen: int


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A product to choose, or chosen. `shown`: whether shoppers see it."""

    id: UUID
    title: str
    maker: str
    shown: bool


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A collection as it is. `chosen`: ids of its products, in order; `sections`: where on the home page it stands."""

    id: UUID
    slug: str
    title: str
    summary: str
    rule: dict[str, Any]
    mark: str
    chosen: list[str]
    sections: list[str]
    edits: list[Edit] = []


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute that some product type has. `values`: some that products have."""

    code: str
    label: str
    kind: str
    values: list[str]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What rules can name: (id, words). Categories as the tree stands, makers by name; the first of each is none."""

    category: list[tuple[str, str]]
    maker: list[tuple[str, str]]


ROWS = """
    SELECT c.id, c.slug, c.title, c.rule, (SELECT count(*) FROM collection_product h WHERE h.collection_id = c.id) AS chosen
    FROM collection c ORDER BY c.position, c.title, c.id LIMIT $1 OFFSET $2
"""
KNOWN = """
    SELECT c.id, c.slug, c.title, c.summary, c.rule, md5(c::text || coalesce(string_agg(h::text, '|' ORDER BY h.position, h.id), '')) AS mark,
        coalesce(array_agg(h.product_id::text ORDER BY h.position, h.id) FILTER (WHERE h.id IS NOT NULL), '{}') AS chosen,
        array(SELECT coalesce(b.body->>'title', '') FROM block b WHERE b.body->>'collection' = c.slug ORDER BY b.position) AS sections
    FROM collection c LEFT JOIN collection_product h ON h.collection_id = c.id WHERE c.id = $1 GROUP BY c.id
"""
ITEM = f"p.id, p.title, m.name AS maker, ({ON_SALE}) AS shown FROM product p JOIN maker m ON m.id = p.maker_id"
ITEMS = f"SELECT {ITEM} WHERE p.id = ANY($1)"
SEARCH = f"""
    SELECT {ITEM} WHERE p.status <> 'archived' AND p.id <> ALL($3) AND p.id IN (
        SELECT id FROM product WHERE title ILIKE $2 UNION SELECT product_id FROM variant WHERE sku IN ($1::text, upper($1::text))
        UNION SELECT id FROM product WHERE slug = $1::text) ORDER BY starts_with(lower(p.title), lower($1)) DESC, p.title, p.id LIMIT {FOUND}
"""  # noqa: S608 - constants
ATTRIBUTES = """
    SELECT k.*, array(SELECT f.value FROM facet_value f WHERE f.name = 'f_' || k.code ORDER BY f.value LIMIT 60) AS values
    FROM (SELECT a->>'code' AS code, min(a->>'label') AS label, min(coalesce(a->>'kind', 'text')) AS kind
        FROM product_type t, jsonb_array_elements(t.attributes) a GROUP BY 1) k ORDER BY k.label, k.code
"""


CHOICES = """
    SELECT 'category' AS kind, id::text, repeat('– ', length(path) - length(replace(path, '/', ''))) || title AS says, path AS place FROM category
    UNION ALL SELECT 'maker', id::text, name, lower(name) FROM maker ORDER BY kind, place, id
"""


async def choices() -> Choices:
    """All categories and makers."""
    found = Choices(category=[("", "")], maker=[("", "")])
    async with writing(EVERYONE) as db:
        for row in await db.fetch(CHOICES):
            getattr(found, row["kind"]).append((row["id"], row["says"]))
    return found


async def rows(page: int) -> tuple[list[Row], int]:
    """One page of all collections, and how many there are."""
    async with writing(EVERYONE) as db:
        found = await db.fetch(ROWS, PER_PAGE, (page - 1) * PER_PAGE)
        many = await db.fetchval("SELECT count(*) FROM collection")
    return [msgspec.convert(dict(row), Row) for row in found], many


async def known(collection_id: UUID) -> Known | None:
    """A collection with its mark, or None. From the primary: a replica may not know yet what was saved a moment ago."""
    async with writing(EVERYONE) as db:
        row = await db.fetchrow(KNOWN, collection_id)
    return msgspec.convert(dict(row) | {"edits": await edits_of(collection_id)}, Known) if row else None


async def items(ids: list[UUID]) -> dict[UUID, Item]:
    """These products by id, without those that do not exist."""
    if not ids:
        return {}
    async with writing(EVERYONE) as db:
        return {row["id"]: msgspec.convert(dict(row), Item) for row in await db.fetch(ITEMS, ids)}


async def search(q: str, without: list[UUID]) -> list[Item]:
    """The first products whose title holds `q`, or that have this SKU or address."""
    q = q.replace("\x00", "").strip().removeprefix("/p/")[:100]
    if not q:
        return []
    async with writing(EVERYONE) as db:
        return [msgspec.convert(dict(row), Item) for row in await db.fetch(SEARCH, q, rules.like(q), without)]


async def attributes() -> list[Attribute]:
    """Every attribute of every product type, by its label."""
    async with writing(EVERYONE) as db:
        return [msgspec.convert(dict(row), Attribute) for row in await db.fetch(ATTRIBUTES)]

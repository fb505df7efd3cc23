"""What people name on the command line, found in the catalogue."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, reading


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something with an address, as people name it. `kind`: product | category | collection; `category_id` is the one a product is in."""

    kind: str
    id: UUID
    address: str
    title: str
    category_id: UUID | None = None


async def product_named(name: str) -> Named | None:
    """The product of this slug, else that of this SKU; drafts too."""
    sql = """SELECT 'product' AS kind, id, slug AS address, title, category_id FROM product
        WHERE slug = $1 OR id = (SELECT product_id FROM variant WHERE sku = $1) ORDER BY slug = $1 DESC LIMIT 1"""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(sql, name)
    return Named(**row) if row else None


async def lists_at(path: str) -> list[Named]:
    """The category and the collection at this path, where there are any."""
    sql = """SELECT 'category' AS kind, id, path AS address, title FROM category WHERE path = $1
        UNION ALL SELECT 'collection', id, slug, title FROM collection WHERE slug = $1"""
    async with reading(EVERYONE) as db:
        return [Named(**row) for row in await db.fetch(sql, path)]

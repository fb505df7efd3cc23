"""What a product belongs to, for those who treat some products unlike others."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.catalog.cards import MEMBERS
from app.db.engines import EVERYONE, reading

# Collections are asked only whether they hold these products, and only those collections that matter to who asks.
GROUPS = f"""
    SELECT p.id, p.id AS product_id FROM product p WHERE p.id = ANY($1)
    UNION ALL
    SELECT a.id, p.id FROM product p JOIN category c ON c.id = p.category_id
        JOIN category a ON a.id = ANY($2) AND (a.id = c.id OR starts_with(c.path, a.path || '/')) WHERE p.id = ANY($1)
    UNION ALL
    SELECT c.id, h.id FROM collection c CROSS JOIN LATERAL ({MEMBERS}) h WHERE c.id = ANY($2) AND h.id = ANY($1)
"""  # noqa: S608 - constants
PLACES = """
    SELECT 'p/' || slug AS path, id FROM product WHERE 'p/' || slug = ANY($1)
    UNION ALL SELECT 'c/' || path, id FROM category WHERE 'c/' || path = ANY($1)
    UNION ALL SELECT 'c/' || slug, id FROM collection WHERE 'c/' || slug = ANY($1)
"""
PATHS = """
    SELECT id, 'p/' || slug AS path FROM product WHERE id = ANY($1)
    UNION ALL SELECT id, 'c/' || path FROM category WHERE id = ANY($1)
    UNION ALL SELECT id, 'c/' || slug FROM collection WHERE id = ANY($1)
"""


async def groups_of(product_ids: Sequence[UUID], among: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """By product: its own id, and those of `among` that are categories above it or collections that hold it."""
    async with reading(EVERYONE, one_plan=True) as db:
        rows = await db.fetch(GROUPS, list(product_ids), list(among))
    found: dict[UUID, set[UUID]] = {id: {id} for id in product_ids}
    for row in rows:
        found[row["product_id"]].add(row["id"])
    return {id: frozenset(groups) for id, groups in found.items()}


async def ids_at(paths: Sequence[str]) -> dict[str, UUID]:
    """Products, categories and collections by their address in the shop ("/p/pell-mug", "/c/table"); a category before a collection."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(PLACES, [path.strip("/") for path in paths])
    return {f"/{row['path']}": row["id"] for row in reversed(rows)}


async def paths_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Their addresses; what does not exist any more is missing."""
    async with reading(EVERYONE) as db:
        return {row["id"]: f"/{row['path']}" for row in await db.fetch(PATHS, list(ids))}

"""Which pages show a changed row that does not name them: one statement for each kind of row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.db.engines import Database
from app.edge import tags


async def variants(db: Database, variant_ids: Sequence[str]) -> set[str]:
    """Prices and bands know their variant only. Where lists show the change, the product's own row says so."""
    if not variant_ids:
        return set()
    sql = "SELECT DISTINCT product_id FROM variant WHERE id = ANY($1)"
    found = await db.fetch(sql, [UUID(id) for id in variant_ids])
    return {tags.product(row["product_id"]) for row in found}


async def found_by(db: Database, product_ids: Sequence[str]) -> set[str]:
    """The lists that count these products by what their variants come in."""
    if not product_ids:
        return set()
    sql = "SELECT DISTINCT category_id FROM product WHERE id = ANY($1) AND status = 'published'"
    found = await db.fetch(sql, [UUID(id) for id in product_ids])
    return {tags.category(row["category_id"]) for row in found}


async def makers(db: Database, maker_ids: Sequence[str]) -> set[str]:
    """A maker's name stands on the cards of its products."""
    if not maker_ids:
        return set()
    sql = "SELECT id, category_id FROM product WHERE maker_id = ANY($1) AND status = 'published'"
    return _on_cards(await db.fetch(sql, [UUID(id) for id in maker_ids]))


async def pictures(db: Database, hashes: Sequence[str], sized: Sequence[str] = ()) -> set[str]:
    """A picture stands on the pages of its products, and, of another size (`sized`), on the cards of those that show it first.

    Cards say its words nowhere, since their title stands beside it.
    """
    if not hashes:
        return set()
    sql = """SELECT id, category_id, coalesce(picture_hash = ANY($2), false) AS on_card FROM product WHERE status = 'published'
        AND (picture_hash = ANY($1) OR id IN (SELECT product_id FROM product_picture WHERE picture_hash = ANY($1)))"""
    found = await db.fetch(sql, list(hashes), list(sized))
    return {tags.product(row["id"]) for row in found} | _on_cards(row for row in found if row["on_card"])


def _on_cards(found: Iterable[Any]) -> set[str]:
    """The tags of whatever shows the cards of these products."""
    return {
        tag for row in found for tag in (tags.card(row["id"]), tags.category(row["category_id"]), tags.lists_by("any"))
    }

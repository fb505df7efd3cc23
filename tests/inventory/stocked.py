"""Variants with stock, and what was written of them."""

from __future__ import annotations

from app.db.engines import reading
from app.inventory import operations
from app.inventory.operations import Terms
from app.values import any_bucket, new_id

PLAIN = Terms()


async def a_stocked_variant(on_hand: int = 10, terms: Terms = PLAIN, *, bucket: int | None = None):
    variant_id = new_id(any_bucket() if bucket is None else bucket)
    await operations.open_stock(variant_id, on_hand, terms)
    return variant_id


def an_order():
    return new_id(any_bucket())


async def ledger(variant_id):
    async with reading(variant_id) as db:
        rows = await db.fetch(
            "SELECT delta, reason, reference FROM stock_ledger WHERE variant_id = $1 ORDER BY at", variant_id
        )
    return [tuple(row) for row in rows]

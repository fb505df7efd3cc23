"""The shared database's copy of what staff search orders by."""

from __future__ import annotations

from uuid import UUID

from app.catalog import operations as catalog
from app.db.engines import EVERYONE, reading, writing


async def index(order_id: UUID) -> bool:
    """`order_index` says what the order's own row says, unless it knows something newer. Returns whether it changed."""
    async with reading(order_id) as db:
        row = await db.fetchrow(
            "SELECT number, email, name, total, currency, status, payment_status, fulfilment_status,"
            " coalesce(placed_at, created_at), version, array(SELECT variant_id FROM order_line WHERE order_id = $1)"
            " FROM orders WHERE id = $1",
            order_id,
        )
    if row is None:
        return False
    *about, variant_ids = row.values()
    async with writing(EVERYONE) as db:
        changed = await db.execute(
            "INSERT INTO order_index AS i (order_id, number, email, name, total, currency, status, payment_status,"
            " fulfilment_status, placed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            " ON CONFLICT (order_id) DO UPDATE SET status = EXCLUDED.status, payment_status = EXCLUDED.payment_status,"
            " fulfilment_status = EXCLUDED.fulfilment_status, placed_at = EXCLUDED.placed_at, version = EXCLUDED.version"
            " WHERE i.version < EXCLUDED.version",
            order_id,
            *about,
        )
        if changed and row["status"] == "placed":
            await catalog.note_bought(db, order_id, variant_ids, at=row["coalesce"])
    return changed == 1

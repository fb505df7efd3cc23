"""The shared database's copy of what staff search orders by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from app.catalog import operations as catalog
from app.db.batches import Batches, shard_key
from app.db.engines import EVERYONE, reading, writing

READ = """
    SELECT id, number, email, name, total, currency, status, payment_status, fulfilment_status,
        coalesce(placed_at, created_at) AS at, version,
        array(SELECT variant_id FROM order_line WHERE order_id = orders.id) AS variants
    FROM orders WHERE id = ANY($1)
"""
TELL = """
    INSERT INTO order_index AS i (order_id, number, email, name, total, currency, status, payment_status,
        fulfilment_status, placed_at, version)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
        $9::text[], $10::timestamptz[], $11::int[]) AS n(id) ORDER BY id
    ON CONFLICT (order_id) DO UPDATE SET status = EXCLUDED.status, payment_status = EXCLUDED.payment_status,
        fulfilment_status = EXCLUDED.fulfilment_status, placed_at = EXCLUDED.placed_at, version = EXCLUDED.version
    WHERE i.version < EXCLUDED.version RETURNING order_id
"""  # ordered, so that two relays never wait for each other


class _Order(NamedTuple):
    id: UUID


async def index(order_id: UUID) -> bool:
    """`order_index` says what the order's own row says, unless it knows something newer. Returns whether it changed."""
    return await INDEX.ask(shard_key(order_id), _Order(order_id))


async def _index(shard: int, orders: Sequence[_Order]) -> dict[UUID, bool]:
    """Many orders of a shard at once: staff wait for the last one as long as for the first."""
    async with reading(shard) as db:
        rows = await db.fetch(READ, [order.id for order in orders])
    changed: set[UUID] = set()
    if rows:
        async with writing(EVERYONE) as db:
            *told, _ = map(list, zip(*rows, strict=True))
            changed = {row["order_id"] for row in await db.fetch(TELL, *told)}
            for row in rows:
                if row["id"] in changed and row["status"] == "placed":
                    await catalog.note_bought(db, row["id"], row["variants"], at=row["at"])
    return {order.id: order.id in changed for order in orders}


INDEX: Batches[_Order, bool] = Batches(_index)

"""The shared database's copy of what staff search orders by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from app.catalog import operations as catalog
from app.db.batches import Batches, shard_key
from app.db.engines import EVERYONE, Database, all_shards, reading, writing
from app.db.sharding import by_shard
from app.promotions import operations as promotions

READ = """
    SELECT id, number, email, name, total, currency, status, payment_status, fulfilment_status,
        coalesce(placed_at, created_at) AS at, version,
        array(SELECT variant_id FROM order_line WHERE order_id = orders.id) AS variants,
        (SELECT json_agg(json_build_array(promotion_id, amount + shipping)) FROM order_discount WHERE order_id = orders.id) AS given
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


# Whether an order's promotions count. Of one that never was looked at only if somebody else has not done so meanwhile ($3).
COUNTED = """
    WITH was AS (SELECT order_id, coalesce(counted, false) AS counted FROM order_index
        WHERE order_id = ANY($1) AND (counted IS NULL OR NOT $3) ORDER BY order_id FOR UPDATE)
    UPDATE order_index i SET counted = n.counts FROM unnest($1::uuid[], $2::boolean[]) AS n(order_id, counts), was
    WHERE i.order_id = n.order_id AND was.order_id = n.order_id AND i.counted IS DISTINCT FROM n.counts
    RETURNING i.order_id, n.counts::int - was.counted::int AS by
"""
UNCOUNTED = "SELECT order_id FROM order_index WHERE counted IS NULL ORDER BY order_id LIMIT $1"
MOST = 200  # orders of one round


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
            *told, _, _ = map(list, zip(*rows, strict=True))
            changed = {row["order_id"] for row in await db.fetch(TELL, *told)}
            for row in rows:
                if row["id"] in changed and row["status"] == "placed":
                    await catalog.note_bought(db, row["id"], row["variants"], at=row["at"])
            await _count(db, [row for row in rows if row["id"] in changed and row["given"]])
    return {order.id: order.id in changed for order in orders}


async def _count(db: Database, rows: Sequence[Any], *, first: bool = False) -> None:
    """What promotions took off these orders is in their tallies, if the orders were placed and are not cancelled. Each once."""
    if not rows:
        return
    counts = [row["status"] in ("placed", "closed") for row in rows]
    turned = {row["order_id"]: row["by"] for row in await db.fetch(COUNTED, [row["id"] for row in rows], counts, first)}
    more: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        by = turned.get(row["id"], 0)
        for promotion_id, given in (row["given"] or ()) if by else ():
            tally = more[UUID(promotion_id)]
            tally[0], tally[1] = tally[0] + by, tally[1] + by * given
    await promotions.tally(db, {id: (orders, given) for id, (orders, given) in more.items()})


async def recount() -> int:
    """All tallies are made anew, from the orders. Returns how many orders were looked at."""
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM promotion_tally")
        await db.execute("UPDATE order_index SET counted = NULL")
    looked = 0
    while many := await count_old(EVERYONE):
        looked += many
    return looked


async def count_old(key: int | str) -> int:
    """Orders from before there were tallies are counted, some in each round. Returns how many."""
    async with reading(key, fresh=True) as db:
        ids = [row["order_id"] for row in await db.fetch(UNCOUNTED, MOST)]
    for bucket, some in by_shard(ids, all_shards()).items():
        async with reading(bucket) as db:
            rows = await db.fetch(READ, some)
        async with writing(key) as db:
            await _count(db, rows, first=True)
            sql = "UPDATE order_index SET counted = false WHERE order_id = ANY($1) AND counted IS NULL"
            await db.execute(sql, some)
    return len(ids)


INDEX: Batches[_Order, bool] = Batches(_index)

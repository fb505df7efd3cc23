"""A shopper who asked to be forgotten: what still holds them, what no longer finds their orders, and when those forget them, too."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import EVERYONE, Database, all_shards, reading, writing
from app.db.sharding import by_shard, shard_of
from app.settings import settings
from app.values import DAY, bucket_of, seconds

KNOWN = "SELECT order_id FROM order_known WHERE shopper_id = $1"
OPEN = """
    SELECT number FROM orders o WHERE (id = ANY($2) OR shopper_id = $1) AND (status IN ('placing', 'awaiting_payment', 'placed')
        OR EXISTS (SELECT FROM order_return r WHERE r.order_id = o.id AND r.status IN ('requested', 'approved', 'received')))
    ORDER BY id
"""

MOST = 200  # orders of one round
OLD = """
    SELECT order_id FROM order_index WHERE placed_at < now() - $1::interval AND email <> ''
        AND status IN ('closed', 'rejected', 'cancelled') ORDER BY placed_at LIMIT $2
"""
# Never placed, so no list of staff finds them.
REJECTED = """
    SELECT id FROM orders WHERE status = 'rejected' AND email <> '' AND created_at < now() - $1::interval
    ORDER BY created_at LIMIT $2
"""
SCRUBBED = """
    UPDATE orders SET email = '', name = '', address = '{}', note = '', client = ''
    WHERE id = ANY($1) AND status IN ('closed', 'rejected', 'cancelled')
"""


# What they had written on things is a name as often as not.
UNWRITTEN = """
    UPDATE order_line l SET personal_text = '', personal_label = '' FROM orders o
    WHERE l.order_id = ANY($1) AND o.id = l.order_id AND o.status IN ('closed', 'rejected', 'cancelled') AND l.personal_text <> ''
"""


async def open_orders(shopper_id: UUID) -> list[str]:
    """Numbers of their orders of which something is still to be sent, paid, or sent back."""
    numbers: list[str] = []
    for bucket, ids in (await _by_shard(shopper_id)).items():
        async with reading(bucket) as db:
            numbers += [row["number"] for row in await db.fetch(OPEN, shopper_id, ids)]
    return numbers


async def forget_reader(shopper_id: UUID) -> None:
    """Nothing says any more which orders they could read. Their orders stay, as the law asks. Twice is once."""
    for bucket, ids in (await _by_shard(shopper_id)).items():
        async with writing(bucket, step="erase_reader") as db:
            await db.execute("DELETE FROM order_reader WHERE shopper_id = $1 AND order_id = ANY($2)", shopper_id, ids)
    async with writing(shopper_id, step="erase_known") as db:
        await db.execute("DELETE FROM order_known WHERE shopper_id = $1", shopper_id)


async def scrub_old(key: int | str) -> int:
    """Orders that have been over for long enough no longer say whose they were. Returns how many; 0 days is never.

    Last where they are found, so that stopped in between they are found again: placed ones in the list of staff, rejected
    ones on their shard. So many of each in a round.
    """
    days = settings().order_days
    if not days:
        return 0
    age = seconds(days * DAY)
    async with reading(key) as db:
        old = [row["order_id"] for row in await db.fetch(OLD, age, MOST)]
    for bucket, ids in by_shard(old, all_shards()).items():
        async with writing(bucket, step="scrub") as db:
            await _scrub(db, ids)
    await _scrub_index(old)
    return len(old) + sum([await _scrub_rejected(shard.first, age) for shard in all_shards()])


async def _scrub_rejected(bucket: int, age: object) -> int:
    async with reading(bucket) as db:
        ids = [row["id"] for row in await db.fetch(REJECTED, age, MOST)]
    await _scrub_index(ids)
    if ids:
        async with writing(bucket, step="scrub_rejected") as db:
            await _scrub(db, ids)
    return len(ids)


async def _scrub_index(ids: list[UUID]) -> None:
    """Those of them that staff have on their list; of one rejected since it came there, too."""
    if ids:
        async with writing(EVERYONE, step="scrub_index") as db:
            await db.execute("UPDATE order_index SET email = '', name = '' WHERE order_id = ANY($1)", ids)


async def _scrub(db: Database, ids: list[UUID]) -> None:
    await db.execute(UNWRITTEN, ids)
    await db.execute(SCRUBBED, ids)


async def _by_shard(shopper_id: UUID) -> dict[int, list[UUID]]:
    """Orders that they found besides their own, by the first bucket of their shard; their own shard is always there."""
    async with reading(shopper_id) as db:
        known = [row["order_id"] for row in await db.fetch(KNOWN, shopper_id)]
    return {shard_of(bucket_of(shopper_id), all_shards()).first: []} | by_shard(known, all_shards())

"""What repairs what a crash left half-way: every sweep, on every shard, again and again."""

from __future__ import annotations

from collections.abc import Sequence

from app.db.engines import EVERYONE, writing
from app.db.sharding import Shard
from app.inventory import operations as inventory
from app.orders import operations as orders

SWEEPS = (inventory.sweep_expired, *orders.SWEEPS)
TIDY = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < now() - interval '1 day' LIMIT 1000)"


async def sweep(shards: Sequence[Shard]) -> int:
    """Runs every sweep once on each shard. Returns how many things were mended."""
    mended = 0
    for shard in shards:
        for sweep_one in SWEEPS:
            mended += await sweep_one(shard.first)
        async with writing(shard.first) as db:
            await db.execute(TIDY)
    async with writing(EVERYONE) as db:
        await db.execute(TIDY)
    return mended

"""What repairs what a crash left half-way: every sweep, on every shard, again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.db.engines import EVERYONE, writing
from app.db.sharding import Shard
from app.inventory import operations as inventory
from app.logs import log
from app.orders import operations as orders

SWEEPS = (inventory.sweep_expired, *orders.SWEEPS)
TIDY = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < now() - interval '1 day' LIMIT 1000)"


async def sweep(shards: Sequence[Shard]) -> int:
    """Runs every sweep once on each shard. Returns how many things were mended."""
    mended = 0
    for shard in shards:
        for sweep_one in (*SWEEPS, _tidy):
            mended += await _tried(sweep_one, shard.first)
    await _tried(_tidy, EVERYONE)
    return mended


async def _tried(sweep_one: Callable[[Any], Awaitable[int]], key: int | str) -> int:
    """One sweep; its failure is said and stops no other: a locked row of one variant must not keep all shards unswept."""
    try:
        return await sweep_one(key)
    except Exception:
        log.exception("sweep failed", sweep=sweep_one.__name__, key=key)
        return 0


async def _tidy(key: int | str) -> int:
    async with writing(key) as db:
        await db.execute(TIDY)
    return 0

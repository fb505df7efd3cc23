"""What repairs what a crash left half-way: every sweep, on every shard, again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.accounts import operations as accounts
from app.alerts import operations as alerts
from app.alerts import prices
from app.db.engines import EVERYONE, writing
from app.db.sharding import Shard
from app.inventory import operations as inventory
from app.logs import log
from app.orders import operations as orders
from app.reviews import operations as reviews
from app.search import operations as search
from app.web import builds

TIDY = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < now() - interval '1 day' LIMIT 1000)"
# Providers repeat themselves for days, a form lies open for hours; what is older nobody says again.
TIDY_INBOX = """DELETE FROM inbox WHERE message_id IN (
    SELECT message_id FROM inbox WHERE received_at < now() - interval '90 days' ORDER BY received_at LIMIT 1000)"""
# Nothing is kept for longer than a day, so what a node owes from before two days it holds no more.
TIDY_PURGES = """DELETE FROM edge_purge WHERE id IN (SELECT id FROM edge_purge WHERE sent_at < now() - interval '1 day'
    AND (cleared_at IS NOT NULL OR sent_at < now() - interval '2 days') LIMIT 1000)"""

Sweep = Callable[[Any], Awaitable[int]]


async def sweep(one: Sweep, shards: Sequence[Shard]) -> int:
    """Runs a sweep once on each shard, none of which waits for another. Returns how many things were mended."""
    return sum(await asyncio.gather(*(_tried(one, shard.first) for shard in shards)))


async def tidy_shared() -> int:
    """What the shared database's outbox had done a day ago is forgotten, and who was told; builds that no longer run; votes are counted, differences of lists' sums folded; old orders scrubbed, and counted."""
    return sum(
        [
            await _tried(one, EVERYONE)
            for one in (
                _tidy,
                _tidy_purges,
                _fold_tallies,
                builds.retire,
                reviews.count_votes,
                orders.scrub_old,
                orders.count_old,
            )
        ]
    )


async def turn_prices() -> int:
    """Products whose price changes by the clock alone say so in lists, too; their pages know already."""
    return await _tried(_turn_prices, EVERYONE)


async def _fold_tallies(key: int | str) -> int:
    async with writing(key) as db:
        return await db.fetchval("SELECT fold_tallies()")


async def catch_up_search() -> int:
    """Search knows all products of big changes. Returns how many notes there were."""
    notes = 0
    while await _tried(_catch_up_search, EVERYONE):
        notes += 1
    return notes


async def _tried(one: Sweep, key: int | str) -> int:
    """One sweep; its failure is said and stops no other: a locked row of one variant must not keep all shards unswept."""
    try:
        return await one(key)
    except Exception:
        log.exception("sweep failed", sweep=one.__name__, key=key)
        return 0


async def _tidy(key: int | str) -> int:
    async with writing(key) as db:
        return await db.execute(TIDY)


async def _tidy_inbox(key: int | str) -> int:
    async with writing(key) as db:
        return await db.execute(TIDY_INBOX)


async def _tidy_purges(key: int | str) -> int:
    async with writing(key) as db:
        return await db.execute(TIDY_PURGES)


async def _turn_prices(key: int | str) -> int:
    async with writing(key) as db:
        return await db.fetchval("SELECT turn_prices()")


async def _catch_up_search(_key: int | str) -> int:
    return await search.catch_up()


# Each is a loop of its own: a payment provider that lets forty questions wait must not keep expired holds from their end.
SWEEPS: tuple[Sweep, ...] = (
    inventory.sweep_expired,
    *orders.SWEEPS,
    *accounts.SWEEPS,
    alerts.sweep_alerts,
    prices.sweep_prices,
    _tidy,
    _tidy_inbox,
)

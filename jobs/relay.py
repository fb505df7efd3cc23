"""The relay: what happened in the databases reaches the edge, the projections and the workers.

One relay works per database, by a session lock on a connection of its own; a second one waits and takes over.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import asyncpg
import msgspec
import uvloop

from app.db.engines import OUTAGES, all_shards, close_databases, open_databases
from app.db.pools import connect
from app.logs import log
from app.settings import Settings, settings
from app.values import HOUR, Refusal
from jobs import checkups, queue, searches
from jobs.canary import Canary
from jobs.downstream import Downstream
from jobs.edges import Edges
from jobs.nodes import Backlog
from jobs.outboxes import Outboxes
from jobs.sweeps import SWEEPS, catch_up_search, sweep, tidy_shared, turn_prices

Step = Callable[[], Awaitable[Any]]
Work = list[tuple[float, Step]]  # each step with its pause in seconds

TURN = (
    1.0  # seconds between two looks for prices whose moment has come; lists that show one are kept no longer meanwhile
)
CATCH_UP = 0.5  # seconds between two looks for products that a big import left to be read for search
STUMBLED = 0.5  # seconds until a step that raised has its next turn
DUMB = "5000"  # milliseconds without a word after which the server takes the lock from a relay that hangs


async def main() -> None:
    """Relays until told to stop."""
    now = settings()
    # The relay reads what was just committed, so it never asks a replica.
    await open_databases(msgspec.structs.replace(now, replica_dsns=""))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    edges, downstream, redis = Edges(now), Downstream(now), queue.connect(now)
    work: Work = [
        (now.relay_poll, edges.step),
        (now.relay_poll, Backlog(now).step),
        (now.relay_poll, downstream.step),
        (now.canary_seconds or HOUR, Canary(now).step),
        (now.sweep_every, tidy_shared),
        (TURN, turn_prices),
        (CATCH_UP, catch_up_search),
        (searches.EVERY, searches.Searches(now).step),
        (checkups.EVERY, checkups.Checkups(now).step),
    ]
    tasks = [asyncio.create_task(alone(now, now.shared_dsn, "edges", work))]
    outboxes: list[Outboxes] = []
    for dsn in sorted({shard.dsn for shard in all_shards()}):
        shards = [shard for shard in all_shards() if shard.dsn == dsn]
        sweeps = [(now.sweep_every, partial(sweep, one, shards)) for one in SWEEPS]
        outboxes.append(Outboxes(now, shards, redis))
        work = [(now.relay_poll, outboxes[-1].step), *sweeps]
        tasks.append(asyncio.create_task(alone(now, dsn, "shards", work)))
    ended = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.wait([asyncio.create_task(each.idle()) for each in outboxes], timeout=3)  # what was begun may end
    await edges.close()
    await downstream.close()
    await redis.aclose()
    await close_databases()


async def alone(settings: Settings, dsn: str, role: str, work: Work) -> None:
    """Runs each step again and again, `seconds` apart, while no other process does it for this database."""
    while True:
        try:
            await _while_locked(settings, dsn, role, work)
        except (*OUTAGES, asyncpg.PostgresError, Refusal) as away:
            log.warning("relay lost its database", role=role, why=repr(away))
        except Exception:  # a defect must be loud, and must not end all purging
            log.exception("relay stumbled", role=role)
        await asyncio.sleep(0.5)


async def _while_locked(settings: Settings, dsn: str, role: str, work: Work) -> None:
    # A holder that vanished is noticed by its keepalives, one that hangs (its kernel still answers those) by its silence.
    alive = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
    lock = await connect(dsn, settings, idle_session_timeout=DUMB, **alive)
    try:
        while not await lock.fetchval(  # noqa: ASYNC110 - nothing tells us when another process ends
            "SELECT pg_try_advisory_lock(hashtext('vitrine relay'), hashtext($1))", role
        ):
            await asyncio.sleep(0.5)
        log.info("relay works", role=role)
        loops = [asyncio.create_task(again_apart(step, pause)) for pause, step in work]
        loops.append(asyncio.create_task(_again(lambda: lock.fetchval("SELECT 1"), 1.0)))
        try:
            await asyncio.gather(*loops)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
    finally:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(lock.close(), 2)


async def again_apart(step: Step, pause: float) -> None:
    """Runs a step again and again. A defect is its own: it is loud, and ends no other's purging. An outage is everybody's."""
    while True:
        try:
            await _again(step, pause)
        except (*OUTAGES, Refusal):
            raise
        except Exception:
            log.exception("relay stumbled", step=getattr(step, "__qualname__", repr(step)))
            await asyncio.sleep(STUMBLED)


async def _again(step: Step, pause: float) -> None:
    while True:
        await step()
        await asyncio.sleep(pause)


if __name__ == "__main__":
    uvloop.run(main())

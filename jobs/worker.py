"""The worker: takes hints from the queue and does the outbox rows they name."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import uvloop
from arq.worker import Worker, func

from app.db.engines import close_databases, open_databases
from app.settings import settings
from jobs import queue
from jobs.after import JOBS, MAILS, REST
from jobs.lanes import Lane

# Rows at a time. A mail server that hangs holds up each of its mails for seconds: the rest does not wait for those.
ROOM = {MAILS: 8, REST: 20}
GRACE = 3.0  # seconds that what was begun has to end when the worker is told to stop


async def look_at(ctx: dict[str, Any], ids: list[str], lane: str = REST) -> None:
    """Begins these outbox rows as soon as their lane has room, and does not wait for them.

    A hint that waited would stand in the queue as under way when its worker dies, and keep the place of others: the relay
    gives those rows another one anyway.
    """
    ctx["lanes"][lane].take(UUID(id) for id in ids)


async def open_lanes(ctx: dict[str, Any]) -> None:
    """What `look_at` gives its rows to."""
    ctx["lanes"] = {name: Lane(JOBS, room) for name, room in ROOM.items()}


async def close_lanes(ctx: dict[str, Any]) -> None:
    """Returns when what was begun has ended, or after GRACE: a row that is cut off is given again."""
    await asyncio.wait([asyncio.create_task(lane.idle()) for lane in ctx["lanes"].values()], timeout=GRACE)


async def _open(ctx: dict[str, Any]) -> None:
    await open_databases(settings())
    await open_lanes(ctx)


async def _close(ctx: dict[str, Any]) -> None:
    await close_lanes(ctx)
    await close_databases()


def main() -> None:
    """Works until it is told to stop; exits when Redis goes away, and its supervisor starts it again."""
    uvloop.install()
    redis = queue.connect(settings())
    Worker(
        functions=[func(look_at, name="look_at", max_tries=1, keep_result=0)],  # type: ignore[arg-type]
        redis_pool=redis,
        on_startup=_open,
        on_shutdown=_close,
        poll_delay=0.1,
        health_check_interval=5,
        job_serializer=redis.job_serializer,
        job_deserializer=redis.job_deserializer,
        log_results=False,
    ).run()


if __name__ == "__main__":
    main()

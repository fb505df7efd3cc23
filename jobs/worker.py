"""The worker: takes hints from the queue and does the outbox rows they name."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import uvloop
from arq.worker import Worker, func

from app.db.engines import close_databases, open_databases
from app.settings import settings
from app.values import bucket_of
from jobs import queue
from jobs.after import JOBS
from jobs.run import run_row

AT_A_TIME = 20  # rows; as many hints, so that a slow row keeps no other waiting
# Seconds a hint may take: each of its rows has an end of its own (run.LONGEST), and may wait for its turn behind those of
# other hints. A row that is cut off counts as one that ended its process. A killed worker's hint comes again from the relay.
LONGEST = 1800


async def look_at(ctx: dict[str, Any], ids: list[str]) -> None:
    """Does these outbox rows side by side, as far as there is room for them beside those of other hints."""
    limit = ctx.setdefault("limit", asyncio.Semaphore(AT_A_TIME))
    found = await asyncio.gather(*(_do(UUID(id), limit) for id in ids), return_exceptions=True)
    for failure in found:
        if isinstance(failure, BaseException):  # its database is away: the row is still open, and the others were done
            raise failure


async def _do(id: UUID, limit: asyncio.Semaphore) -> None:
    async with limit:
        await run_row(JOBS, bucket_of(id), id)


async def _open(ctx: dict[str, Any]) -> None:
    await open_databases(settings())


async def _close(ctx: dict[str, Any]) -> None:
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
        job_timeout=LONGEST,
        max_jobs=AT_A_TIME,
        poll_delay=0.1,
        health_check_interval=5,
        job_serializer=redis.job_serializer,
        job_deserializer=redis.job_deserializer,
        log_results=False,
    ).run()


if __name__ == "__main__":
    main()

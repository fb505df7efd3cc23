"""The worker: takes hints from the queue and does the outbox rows they name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import uvloop
from arq.worker import Worker, func

from app.db.engines import close_databases, open_databases
from app.settings import settings
from jobs import queue
from jobs.after import JOBS
from jobs.run import run_row

LONGEST = 60  # seconds a job may take; a killed worker's hint is given again by the relay, not by arq


async def look_at(ctx: dict[str, Any], bucket: int, id: str) -> None:
    """Does one outbox row."""
    await run_row(JOBS, bucket, UUID(id))


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
        max_jobs=20,
        poll_delay=0.1,
        health_check_interval=5,
        job_serializer=redis.job_serializer,
        job_deserializer=redis.job_deserializer,
        log_results=False,
    ).run()


if __name__ == "__main__":
    main()

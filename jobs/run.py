"""One outbox row, run once more: the effect happens at least once, and jobs allow that."""

from __future__ import annotations

import random
import traceback
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from app.db.engines import reading, writing
from app.db.outbox import Event, read_event
from app.logs import log
from app.values import seconds

Job = Callable[[Any, UUID], Awaitable[None]]
Jobs = dict[type[Event], Job]

LONGEST_WAIT = 600.0
PATIENCE = "3 days"  # a mail server may be away over a weekend; then the row is dead and a person looks
FAILED = """
    UPDATE outbox SET attempts = $2, error = $3, dispatched_at = NULL, available_at = CASE
        WHEN clock_timestamp() > created_at + $5::text::interval THEN 'infinity' ELSE clock_timestamp() + $4 END
    WHERE id = $1
"""


async def run_row(jobs: Jobs, bucket: int, id: UUID) -> bool:
    """Does what a shard's outbox row asks for, then marks it done. True when it is done (now or already).

    A failure is noted with a later time for the next try; a row older than PATIENCE is dead until somebody retries it.
    """
    async with reading(bucket) as db:
        row = await db.fetchrow("SELECT kind, body, attempts FROM outbox WHERE id = $1 AND done_at IS NULL", id)
    if row is None:
        return True
    try:
        kind, job = _job(jobs, row["kind"])
        await job(read_event(kind, row["body"]), id)
    except Exception as failure:
        await _failed(bucket, id, row["attempts"] + 1, failure)
        return False
    async with writing(bucket) as db:
        await db.execute("UPDATE outbox SET done_at = clock_timestamp() WHERE id = $1 AND done_at IS NULL", id)
    return True


def _job(jobs: Jobs, name: str) -> tuple[type[Event], Job]:
    for kind, job in jobs.items():
        if kind.__name__ == name:
            return kind, job
    raise LookupError(f"no job for {name}")


async def _failed(bucket: int, id: UUID, attempts: int, failure: Exception) -> None:
    log.warning("job failed", id=str(id), attempts=attempts, why=repr(failure))
    why = "".join(traceback.format_exception_only(failure)).strip()[:500]
    async with writing(bucket) as db:
        await db.execute(FAILED, id, attempts, why, seconds(backoff(attempts)), PATIENCE)


def backoff(attempts: int) -> float:
    """Seconds to wait after the n-th failure: doubled each time, capped, with full jitter in the upper half."""
    longest = min(LONGEST_WAIT, 2.0 ** min(attempts, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing

"""One outbox row, run once more: the effect happens at least once, and jobs allow that."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg

from app.db.engines import writing
from app.db.outbox import Event, read_event
from app.logs import log
from app.settings import settings
from app.values import seconds

Job = Callable[[Any, UUID], Awaitable[None]]
Jobs = dict[type[Event], Job]

LONGEST = 45.0  # seconds a job may take; longer is a failure like others
LONGEST_WAIT = 600.0
PATIENCE = "3 days"  # a mail server may be away over a weekend; then the row is dead and a person looks
FEWEST_TRIES = 12  # a row retried by hand is not dead again at its first failure
DEATHS = 5  # runs that never came to an end: such a row takes its process with it

# What was begun is noted first, so that a row which kills its process is not given to the next one at once, and not for
# ever. A note that a power cut undoes harms nobody: it need not wait for the disk.
BEGIN = """
    UPDATE outbox SET unfinished = unfinished + 1,
        available_at = clock_timestamp() + least($2::interval * 2 ^ unfinished, $3::interval) * (1 + random() / 2)
    WHERE id = $1 AND done_at IS NULL AND available_at <= clock_timestamp()
    RETURNING kind, body, attempts, unfinished, set_config('synchronous_commit', 'off', true)
"""
FAILED = """
    UPDATE outbox SET attempts = $2::int, error = $3, unfinished = 0, dispatched_at = NULL, available_at = CASE
        WHEN $2::int >= $6 AND clock_timestamp() > created_at + $5::text::interval THEN 'infinity'
        ELSE clock_timestamp() + $4 END
    WHERE id = $1
"""
BURIED = "UPDATE outbox SET available_at = 'infinity', error = $2 WHERE id = $1"


async def run_row(jobs: Jobs, bucket: int, id: UUID) -> bool:
    """Does what a shard's outbox row asks for, then marks it done. False when it failed; true also when it is not due.

    A failure is noted with a later time for the next try. A row that fails for PATIENCE, or takes DEATHS processes with
    it, is dead until somebody retries it.
    """
    row = await _begun(bucket, id)
    if row is None:
        return True
    if row["unfinished"] > DEATHS:
        await _bury(bucket, id, f"{DEATHS} processes ended while they ran it")
        return False
    try:
        kind, job = _job(jobs, row["kind"])
        async with asyncio.timeout(LONGEST):
            await job(read_event(kind, row["body"]), id)
    except Exception as failure:
        await _failed(bucket, id, row["attempts"] + 1, failure)
        return False
    async with writing(bucket, step="done") as db:
        await db.execute("UPDATE outbox SET done_at = clock_timestamp() WHERE id = $1 AND done_at IS NULL", id)
    return True


async def _begun(bucket: int, id: UUID) -> asyncpg.Record | None:
    """The row, ours until its next time; None when it is done, dead or begun by somebody else just now."""
    again = seconds(settings().redispatch_after)
    async with writing(bucket, step="begin") as db:
        return await db.fetchrow(BEGIN, id, again, seconds(LONGEST_WAIT))


def _job(jobs: Jobs, name: str) -> tuple[type[Event], Job]:
    for kind, job in jobs.items():
        if kind.__name__ == name:
            return kind, job
    raise LookupError(f"no job for {name}")


async def _failed(bucket: int, id: UUID, attempts: int, failure: Exception) -> None:
    log.warning("job failed", id=str(id), attempts=attempts, why=repr(failure))
    why = "".join(traceback.format_exception_only(failure)).strip()[:500]
    async with writing(bucket) as db:
        await db.execute(FAILED, id, attempts, why, seconds(backoff(attempts)), PATIENCE, FEWEST_TRIES)


async def _bury(bucket: int, id: UUID, why: str) -> None:
    log.error("job is dead", id=str(id), why=why)
    async with writing(bucket) as db:
        await db.execute(BURIED, id, why)


def backoff(attempts: int) -> float:
    """Seconds to wait after the n-th failure: doubled each time, capped, with full jitter in the upper half."""
    longest = min(LONGEST_WAIT, 2.0 ** min(attempts, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing

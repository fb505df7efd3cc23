"""One outbox row, run once more: the effect happens at least once, and jobs allow that."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg

from app.db.batches import Batches, shard_key
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
DYING = 3600.0  # seconds over which they must have come: in a bad ten minutes rows die of what kills their neighbours

# What was begun is noted first, so that a row which kills its process is not given to the next one at once, and not for
# ever. A note that a power cut undoes harms nobody, nor does a row that is done once more: neither waits for the disk.
BEGIN = """
    WITH due AS (SELECT id FROM outbox WHERE id = ANY($1) AND done_at IS NULL AND available_at <= clock_timestamp()
        ORDER BY id FOR UPDATE SKIP LOCKED)
    UPDATE outbox o SET unfinished = unfinished + 1,
        available_at = clock_timestamp() + least($2::interval * 2 ^ unfinished, $3::interval) * (1 + random() / 2)
    FROM due WHERE o.id = due.id
    RETURNING o.id, kind, body, attempts, unfinished > $4 AND created_at < clock_timestamp() - $5::interval AS deadly
"""
DONE = """
    WITH ours AS (SELECT id FROM outbox WHERE id = ANY($1) AND done_at IS NULL ORDER BY id FOR UPDATE)
    UPDATE outbox o SET done_at = clock_timestamp() FROM ours WHERE o.id = ours.id
"""
FAILED = """
    UPDATE outbox SET attempts = $2::int, error = $3, unfinished = 0, dispatched_at = NULL, available_at = CASE
        WHEN $2::int >= $6 AND clock_timestamp() > created_at + $5::text::interval THEN 'infinity'
        ELSE clock_timestamp() + $4 END
    WHERE id = $1
"""
BURIED = "UPDATE outbox SET available_at = 'infinity', error = $2 WHERE id = $1"


class _Row(NamedTuple):
    id: UUID


class _Try(NamedTuple):
    """One of perhaps several who want to run a row side by side: only one of them gets it."""

    id: UUID
    row: UUID


async def run_row(jobs: Jobs, bucket: int, id: UUID) -> bool:
    """Does what a shard's outbox row asks for, then marks it done. False when it failed; true also when it is not due.

    A failure is noted with a later time for the next try. A row that fails for PATIENCE, or takes DEATHS processes with
    it over at least DYING, is dead until somebody retries it.
    """
    row = await _begun(bucket, id)
    if row is None:
        return True
    if row["deadly"]:
        await _bury(bucket, id, f"{DEATHS} processes ended while they ran it")
        return False
    try:
        kind, job = _job(jobs, row["kind"])
        async with asyncio.timeout(LONGEST):
            await job(read_event(kind, row["body"]), id)
    except Exception as failure:
        await _failed(bucket, id, row["attempts"] + 1, failure)
        return False
    await DONES.ask(shard_key(bucket), _Row(id))
    return True


async def _begun(bucket: int, id: UUID) -> asyncpg.Record | None:
    """The row, ours until its next time; None when it is done, dead or begun by somebody else just now."""
    return await BEGINS.ask(shard_key(bucket), _Try(uuid4(), id))


async def _begin(shard: int, tries: Sequence[_Try]) -> dict[UUID, asyncpg.Record | None]:
    again = seconds(settings().redispatch_after)
    async with writing(shard, step="begin", lasting=False) as db:
        ids = [each.row for each in tries]
        rows = await db.fetch(BEGIN, ids, again, seconds(LONGEST_WAIT), DEATHS, seconds(DYING))
    begun = {row["id"]: row for row in rows}
    return {each.id: begun.pop(each.row, None) for each in tries}


async def _done(shard: int, rows: Sequence[_Row]) -> dict[UUID, None]:
    async with writing(shard, step="done", lasting=False) as db:
        await db.execute(DONE, [row.id for row in rows])
    return dict.fromkeys(row.id for row in rows)


# Rows of one shard that run side by side share the transactions before and after them.
BEGINS: Batches[_Try, asyncpg.Record | None] = Batches(_begin)
DONES: Batches[_Row, None] = Batches(_done)


def _job(jobs: Jobs, name: str) -> tuple[type[Event], Job]:
    for kind, job in jobs.items():
        if kind.__name__ == name:
            return kind, job
    raise LookupError(f"no job for {name}")


async def _failed(bucket: int, id: UUID, attempts: int, failure: Exception) -> None:
    log.warning("job failed", id=str(id), attempts=attempts, why=repr(failure))
    why = "".join(traceback.format_exception_only(failure)).strip()[:500]
    async with writing(bucket, step="failed") as db:
        await db.execute(FAILED, id, attempts, why, seconds(backoff(attempts)), PATIENCE, FEWEST_TRIES)


async def _bury(bucket: int, id: UUID, why: str) -> None:
    log.error("job is dead", id=str(id), why=why)
    async with writing(bucket, step="bury") as db:
        await db.execute(BURIED, id, why)


def backoff(attempts: int) -> float:
    """Seconds to wait after the n-th failure: doubled each time, capped, with full jitter in the upper half."""
    longest = min(LONGEST_WAIT, 2.0 ** min(attempts, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing

"""From the shards' outboxes to whoever does the work: the relay itself for projections, a worker for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

import asyncpg
from arq.connections import ArqRedis

from app.db.engines import all_shards, reading, writing
from app.db.sharding import Shard, by_shard
from app.logs import log
from app.settings import Settings
from app.values import bucket_of, seconds
from jobs.after import AT_ONCE, JOBS
from jobs.queue import Hints
from jobs.run import Jobs, run_row

MOST_ROWS = 200
AT_A_TIME = 8  # rows of a lane that the relay does by itself side by side
IN_A_HINT = 16  # a hint costs a worker more than most rows do


class Lane:
    """Rows the relay does by itself. Two lanes do not wait for each other, and nobody waits for a lane."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.limit = asyncio.Semaphore(AT_A_TIME)
        self.running: dict[UUID, asyncio.Task[None]] = {}

    @property
    def full(self) -> bool:
        return len(self.running) >= 2 * AT_A_TIME

    def take(self, ids: Iterable[UUID]) -> None:
        """Starts what is not running yet."""
        for id in ids:
            if id not in self.running:
                self.running[id] = asyncio.create_task(self._run(id))

    async def _run(self, id: UUID) -> None:
        try:
            async with self.limit:
                await run_row(self.jobs, bucket_of(id), id)
        except Exception:  # its database is away: the row is still open, and the others go on
            log.exception("row not run", id=str(id))
        finally:
            del self.running[id]

    async def idle(self) -> None:
        """Returns when nothing runs any more."""
        await asyncio.gather(*self.running.values(), return_exceptions=True)


class Outboxes:
    """The outboxes of the shards that one database server holds."""

    def __init__(self, settings: Settings, shards: Sequence[Shard], redis: ArqRedis, jobs: Jobs = JOBS) -> None:
        self.settings = settings
        self.shards = shards
        self.hints = Hints(redis)
        self.projections, self.others = Lane(jobs), Lane(jobs)
        # One statement looks at every schema of the server, so an idle shop asks ten times a second, not ten times per shard.
        self.sql = " UNION ALL ".join(  # our own schema names
            f"(SELECT id, kind FROM {shard.schema}.outbox WHERE done_at IS NULL AND available_at <= clock_timestamp() "  # noqa: S608
            f"AND (dispatched_at IS NULL OR dispatched_at < clock_timestamp() - $1::interval) "
            f"AND (kind = ANY($2) OR NOT $3) ORDER BY available_at LIMIT {MOST_ROWS})"
            for shard in shards
        )

    async def step(self) -> int:
        """Gives or begins what is due. Returns the number of rows seen."""
        again = seconds(self.settings.redispatch_after)
        async with reading(self.shards[0].first) as db:
            rows = await db.fetch(self.sql, again, list(AT_ONCE), self.hints.away and self.others.full)
        self.projections.take(row["id"] for row in rows if row["kind"] in AT_ONCE)
        self.others.take(await self._unheard(rows))
        return len(rows)

    async def _unheard(self, rows: Sequence[asyncpg.Record]) -> list[UUID]:
        """Those of the other rows that no worker was told of."""
        ids = [row["id"] for row in rows if row["kind"] not in AT_ONCE and row["id"] not in self.others.running]
        if self.hints.away:
            return ids[: 2 * AT_A_TIME]  # the rest stays open: another relay may have to take over
        for bucket, some in by_shard(ids, all_shards()).items():
            # Noted first, so that a row is not told ten times a second.
            async with writing(bucket, step="hint", lasting=False) as db:
                await db.execute("UPDATE outbox SET dispatched_at = clock_timestamp() WHERE id = ANY($1)", some)
        limit = asyncio.Semaphore(AT_A_TIME)
        hints = [ids[at : at + IN_A_HINT] for at in range(0, len(ids), IN_A_HINT)]
        told = await asyncio.gather(*(self._told(some, limit) for some in hints))
        return [id for some, heard in zip(hints, told, strict=True) if not heard for id in some]

    async def _told(self, ids: Sequence[UUID], limit: asyncio.Semaphore) -> bool:
        async with limit:
            return await self.hints.give(ids)

    async def idle(self) -> None:
        """Returns when the relay does nothing by itself any more."""
        await asyncio.gather(self.projections.idle(), self.others.idle())

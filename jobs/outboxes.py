"""From the shards' outboxes to whoever does the work: the relay itself for projections, a worker for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg
from arq.connections import ArqRedis

from app.db.engines import reading, writing
from app.db.sharding import Shard
from app.settings import Settings
from app.values import bucket_of, seconds
from jobs import queue
from jobs.after import AT_ONCE, JOBS
from jobs.run import run_row

MOST_ROWS = 200
AT_A_TIME = 8  # rows the relay does by itself side by side


class Outboxes:
    """The outboxes of the shards that one database server holds."""

    def __init__(self, settings: Settings, shards: Sequence[Shard], redis: ArqRedis) -> None:
        self.settings = settings
        self.shards = shards
        self.redis = redis
        # One statement looks at every schema of the server, so an idle shop asks ten times a second, not ten times per shard.
        self.sql = " UNION ALL ".join(  # our own schema names
            f"(SELECT id, kind FROM {shard.schema}.outbox WHERE done_at IS NULL AND available_at <= clock_timestamp() "  # noqa: S608
            f"AND (dispatched_at IS NULL OR dispatched_at < clock_timestamp() - $1::interval) "
            f"ORDER BY available_at LIMIT {MOST_ROWS})"
            for shard in shards
        )

    async def step(self) -> int:
        """Gives or does what is due. Returns the number of rows seen."""
        async with reading(self.shards[0].first) as db:
            rows = await db.fetch(self.sql, seconds(self.settings.redispatch_after))
        limit = asyncio.Semaphore(AT_A_TIME)
        await asyncio.gather(*(self._pass_on(row, limit) for row in rows))
        return len(rows)

    async def _pass_on(self, row: asyncpg.Record, limit: asyncio.Semaphore) -> None:
        id: UUID = row["id"]
        async with limit:
            if row["kind"] in AT_ONCE or not await self._hinted(id):
                await run_row(JOBS, bucket_of(id), id)

    async def _hinted(self, id: UUID) -> bool:
        """Whether a worker was told; noted first, so that a row is not told ten times a second."""
        async with writing(id) as db:
            await db.execute("UPDATE outbox SET dispatched_at = clock_timestamp() WHERE id = $1", id)
        return await queue.hint(self.redis, bucket_of(id), id)

"""From the shards' outboxes to whoever does the work: the relay itself for projections, a worker for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from arq.connections import ArqRedis

from app.db.engines import all_shards, reading, writing
from app.db.sharding import Shard, by_shard
from app.settings import Settings
from app.values import seconds
from jobs.after import AT_ONCE, JOBS, MAILS, REST, lane_of
from jobs.lanes import Lane
from jobs.queue import Hints
from jobs.run import Jobs

MOST_ROWS = 200
AT_A_TIME = 8  # rows of a lane that the relay does by itself side by side
IN_A_HINT = 16  # a hint costs a worker more than most rows do


class Outboxes:
    """The outboxes of the shards that one database server holds."""

    def __init__(self, settings: Settings, shards: Sequence[Shard], redis: ArqRedis, jobs: Jobs = JOBS) -> None:
        self.settings = settings
        self.shards = shards
        self.hints = Hints(redis)
        self.projections = Lane(jobs, AT_A_TIME)
        self.others = {name: Lane(jobs, AT_A_TIME) for name in (MAILS, REST)}
        self.kinds = [kind.__name__ for kind in jobs]
        # One statement looks at every schema of the server, so an idle shop asks ten times a second, not ten times per shard.
        self.sql = " UNION ALL ".join(  # our own schema names
            f"(SELECT id, kind FROM {shard.schema}.outbox WHERE done_at IS NULL AND available_at <= clock_timestamp() "  # noqa: S608
            f"AND (dispatched_at IS NULL OR dispatched_at < clock_timestamp() - $1::interval) "
            f"AND kind <> ALL($2) ORDER BY available_at LIMIT {MOST_ROWS})"
            for shard in shards
        )

    async def step(self) -> int:
        """Gives or begins what is due. Returns the number of rows seen."""
        again = seconds(self.settings.redispatch_after)
        async with reading(self.shards[0].first) as db:
            rows = await db.fetch(self.sql, again, self._held_back())
        self.projections.take(row["id"] for row in rows if row["kind"] in AT_ONCE)
        for name, lane in self.others.items():
            ids = [row["id"] for row in rows if row["kind"] not in AT_ONCE and lane_of(row["kind"]) == name]
            lane.take(await self._unheard(name, [id for id in ids if id not in lane.running]))
        return len(rows)

    def _held_back(self) -> list[str]:
        """The kinds that the relay would have to do by itself, and has no room for now."""
        full = {name for name, lane in self.others.items() if self.hints.away and lane.full}
        return [kind for kind in self.kinds if kind not in AT_ONCE and lane_of(kind) in full]

    async def _unheard(self, lane: str, ids: Sequence[UUID]) -> Sequence[UUID]:
        """Those of a lane's rows that no worker was told of."""
        if self.hints.away:
            return ids[: 2 * AT_A_TIME]  # the rest stays open: another relay may have to take over
        for bucket, some in by_shard(ids, all_shards()).items():
            # Noted first, so that a row is not told ten times a second.
            async with writing(bucket, step="hint", lasting=False) as db:
                await db.execute("UPDATE outbox SET dispatched_at = clock_timestamp() WHERE id = ANY($1)", some)
        limit = asyncio.Semaphore(AT_A_TIME)
        hints = [ids[at : at + IN_A_HINT] for at in range(0, len(ids), IN_A_HINT)]
        told = await asyncio.gather(*(self._told(lane, some, limit) for some in hints))
        return [id for some, heard in zip(hints, told, strict=True) if not heard for id in some]

    async def _told(self, lane: str, ids: Sequence[UUID], limit: asyncio.Semaphore) -> bool:
        async with limit:
            return await self.hints.give(lane, ids)

    async def idle(self) -> None:
        """Returns when the relay does nothing by itself any more."""
        await asyncio.gather(*(lane.idle() for lane in (self.projections, *self.others.values())))

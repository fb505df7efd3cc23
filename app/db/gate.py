"""What a purge waits for: a page that is rendered after it must not read a replica that does not know the change yet."""

from __future__ import annotations

import asyncio
import contextlib
import time

from app.db.engines import EVERYONE, writing
from app.db.replicas import CHANNEL, POSITION, Replica, ended
from app.settings import Settings

HEARD = 0.05  # seconds for a notification to arrive; a page rendered even later is purged by the echo


class Gate:
    """Belongs to the relay; costs nothing without replicas."""

    def __init__(self, settings: Settings) -> None:
        self.replicas = [Replica(dsn, settings, every=0.005) for dsn in settings.replica_dsns.split()]
        self.patience = settings.gate_seconds
        self.tasks: list[asyncio.Task[None]] = []

    async def passed(self) -> int:
        """Every replica has replayed what is committed now, or is not read by pages. Returns the milliseconds it took."""
        if not self.replicas:
            return 0
        began = time.monotonic()
        self.tasks = self.tasks or [asyncio.create_task(replica.follow()) for replica in self.replicas]
        async with writing(EVERYONE) as db:
            position = await db.fetchval(POSITION)
        late = await self._late(position)
        if late:
            async with writing(EVERYONE) as db:
                for replica in late:
                    await db.execute("SELECT pg_notify($1, $2)", CHANNEL, f"{replica.name} {position}")
            await asyncio.sleep(HEARD)
        return round((time.monotonic() - began) * 1000)

    async def _late(self, position: int) -> list[Replica]:
        """The replicas that have not replayed the position in time. Who was late before is not waited for again."""
        punctual = [replica for replica in self.replicas if not replica.wanted.is_set()]
        for replica in self.replicas:
            replica.must_reach(position)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(each.current.wait() for each in punctual)), self.patience)
        return [replica for replica in self.replicas if not replica.current.is_set()]

    async def close(self) -> None:
        """Ends the connections to the replicas."""
        await ended(self.tasks)

"""Rows that run side by side in one process: so many at a time, and none of another lane waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from uuid import UUID

from app.logs import log
from app.values import bucket_of
from jobs.run import Jobs, run_row


class Lane:
    """Runs the rows it is given as soon as there is room; nobody waits for a lane."""

    def __init__(self, jobs: Jobs, at_a_time: int) -> None:
        self.jobs = jobs
        self.at_a_time = at_a_time
        self.limit = asyncio.Semaphore(at_a_time)
        self.running: dict[UUID, asyncio.Task[None]] = {}

    @property
    def full(self) -> bool:
        return len(self.running) >= 2 * self.at_a_time

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

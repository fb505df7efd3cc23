"""Once a day everything is looked at, by a process of its own: it has all the time it needs, and no purge waits for it."""

from __future__ import annotations

import asyncio
import sys
import time
from uuid import UUID

from app.logs import log
from app.ops import checkup
from app.settings import Settings
from app.values import MINUTE

EVERY = float(MINUTE)  # seconds between two looks whether it is due
SETTLED = 10.0 * MINUTE  # a relay that has just started has other things to do


class Checkups:
    """Starts a checkup when one is due and no other relay has."""

    def __init__(self, settings: Settings, *, settled: float = SETTLED) -> None:
        self.every = settings.check_seconds
        self.first = time.monotonic() + settled

    async def step(self) -> bool:
        """One look. Returns whether a checkup was carried out to its end."""
        if not self.every or time.monotonic() < self.first:
            return False
        id = await checkup.begin()
        return await _carried_out(id) if id else False


async def _carried_out(id: UUID) -> bool:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "app.ops.checkup", str(id))
    try:
        async with asyncio.timeout(checkup.BOUND):
            status = await process.wait()
    except TimeoutError:
        status = None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status != 0:
        log.error("checkup did not come to its end", status=status)
    return status == 0

"""A database server that hangs takes connections and answers nobody. Whoever waits for it here gives the others away.

What takes long is only a suspicion: a busy server is slow, too. So the server is asked one question on a connection of its
own, and only if it has no answer to that are its shoppers told so at once, until it answers again. Servers that are merely
away need no such thing: they refuse quickly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import asyncpg

from app.db.current import Busy
from app.db.pools import server_settings
from app.logs import log
from app.settings import Settings

SUSPECT = 0.5  # seconds after which what is asked of a server makes us ask how it is
PATIENCE = 1.5  # seconds it has to answer that
PAUSE = 0.5  # seconds until it is asked again


class Breaker:
    """Whether one server answers. `open`: it does not, and nobody asks it anything."""

    def __init__(self, dsn: str, settings: Settings) -> None:
        self.dsn = dsn
        self.settings = settings
        self.open = False
        self.asking: asyncio.Task[None] | None = None

    def check(self) -> None:
        """Raises Busy while the server does not answer."""
        if self.open:
            raise Busy

    def watch(self) -> asyncio.TimerHandle:
        """Whoever begins something cancels this when it is done; else the server is asked how it is."""
        return asyncio.get_running_loop().call_later(SUSPECT, self.suspect)

    def suspect(self) -> None:
        """The server is asked how it is, unless it is being asked already."""
        if self.asking is None or self.asking.done():
            self.asking = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        while not await self._answers():
            if not self.open:
                log.error("a database server does not answer", within=PATIENCE)
            self.open = True
            await asyncio.sleep(PAUSE)
        if self.open:
            log.info("the database server answers again")
        self.open = False

    async def _answers(self) -> bool:
        connection = None
        try:
            async with asyncio.timeout(PATIENCE):
                connection = await asyncpg.connect(self.dsn, server_settings=server_settings(self.settings))
                await connection.fetchval("SELECT 1")
        except asyncpg.PostgresError:  # a no is an answer
            return True
        except (OSError, asyncpg.InterfaceError):  # a TimeoutError is an OSError
            return False
        finally:
            if connection:
                connection.terminate()
        return True

    async def close(self) -> None:
        """Asks no more."""
        if self.asking:
            self.asking.cancel()
            with suppress(asyncio.CancelledError):
                await self.asking


def breakers_of(pools: Mapping[str, asyncpg.Pool], settings: Settings) -> dict[asyncpg.Pool, Breaker]:
    """One for each server, whichever of its pools somebody asks. `pools`: by DSN, besides the two of the shared database."""
    by_dsn: dict[str, Breaker] = {}
    found = {}
    for name, pool in pools.items():
        dsn = settings.shared_dsn if name in ("shared", "read") else name
        found[pool] = by_dsn.setdefault(dsn, Breaker(dsn, settings))
    return found

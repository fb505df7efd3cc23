"""Read replicas: nobody reads one that has not replayed what a purge was about.

Before it purges, the relay waits a moment for each replica (`gate.py`) and names those that are slower on a channel of the
primary. Each process that renders pages listens (`Readers`) and leaves such a replica alone until it has seen for itself
that the position is replayed. Whoever can't listen reads the primary. A position is a place in the write-ahead log.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from itertools import cycle
from typing import Any

import asyncpg

from app.db.pools import connect, make_pool
from app.settings import Settings

CHANNEL = "vitrine_replicas"
POSITION = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
REPLAYED = """SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
    ELSE pg_current_wal_insert_lsn() END - '0/0')::bigint"""
RETRY = 0.25  # seconds until a server that is away is asked again
AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Replica:
    """One replica as this process sees it: `current` while it has replayed all that it must have."""

    def __init__(self, dsn: str, settings: Settings, *, every: float) -> None:
        self.dsn = dsn
        self.pool = f"read {dsn}"  # its name in engines.py
        self.name = hashlib.blake2s(dsn.encode(), digest_size=6).hexdigest()  # a DSN may hold a password
        self.settings = settings
        self.every = every
        self.position = 0
        self.current = asyncio.Event()
        self.wanted = asyncio.Event()

    def must_reach(self, position: int) -> None:
        """It is not current before it has replayed this, and answers; at once if it has."""
        self.position = max(self.position, position)
        self.current.clear()
        self.wanted.set()

    async def follow(self) -> None:
        """Asks the replica, whenever it is not current, until it is. Runs until cancelled."""
        while True:
            await self.wanted.wait()
            with contextlib.suppress(*AWAY):
                connection = await connect(self.dsn, self.settings)
                try:
                    while True:
                        await self._watch(connection)
                        await self.wanted.wait()
                finally:
                    connection.terminate()
            await asyncio.sleep(RETRY)

    async def _watch(self, connection: asyncpg.Connection) -> None:
        while True:
            position = self.position
            if await asyncio.wait_for(connection.fetchval(REPLAYED), 1) >= position == self.position:
                self.wanted.clear()
                self.current.set()
                return
            await asyncio.sleep(self.every)


class Readers:
    """The replicas that pages of this process may read."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.replicas = [Replica(dsn, settings, every=0.05) for dsn in settings.replica_dsns.split()]
        self.turns = cycle(range(len(self.replicas) or 1))
        self.listening = False
        self.tasks: list[asyncio.Task[None]] = []

    async def open(self) -> dict[str, asyncpg.Pool]:
        """Begins to listen; until it hears, the primary is read. Returns the pools by name; who is away may come later."""
        if self.replicas:
            work = [self._listen(), *(replica.follow() for replica in self.replicas)]
            self.tasks = [asyncio.create_task(each) for each in work]
        return {r.pool: await make_pool(r.dsn, self.settings, read_only=True, least=0) for r in self.replicas}

    def choose(self, *, primary_away: bool = False) -> Replica | None:
        """The next replica in turn that may be read now.

        With the primary away nothing is committed, so one that has replayed all we heard of is as good as it gets.
        """
        if not (self.listening or primary_away):
            return None
        first = next(self.turns)
        inturn = self.replicas[first:] + self.replicas[:first]
        return next((replica for replica in inturn if replica.current.is_set()), None)

    async def _listen(self) -> None:
        """Hears from the relay, on one connection to the primary. Runs until cancelled."""
        while True:
            with contextlib.suppress(*AWAY):
                connection = await connect(self.settings.shared_dsn, self.settings, application_name=CHANNEL)
                try:
                    await connection.add_listener(CHANNEL, self._heard)
                    position = await connection.fetchval(POSITION)  # what was said before we listened
                    for replica in self.replicas:
                        replica.must_reach(position)
                    self.listening = True
                    while True:  # a connection that died without a word is noticed here
                        await asyncio.sleep(1)
                        await asyncio.wait_for(connection.fetchval("SELECT 1"), 1)
                finally:
                    self.listening = False
                    connection.terminate()
            await asyncio.sleep(RETRY)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: Any) -> None:
        name, position = str(payload).split()
        for replica in self.replicas:
            if replica.name == name:
                replica.must_reach(int(position))

    async def close(self) -> None:
        """Listens no more; the pools are closed by whoever opened the databases."""
        await ended(self.tasks)


async def ended(tasks: list[asyncio.Task[None]]) -> None:
    """Every task is cancelled and over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    tasks.clear()

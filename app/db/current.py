"""The connection in use: what runs on it, what it cost, and the ways to use it wrongly."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

import asyncpg

from app.values import Refusal

EVERYONE = "everyone"  # the key of the shared database


class NoShard(RuntimeError):
    """A table was used outside `reading` or `writing`, or inside one of the other kind."""


class CrossShard(RuntimeError):
    """A second database, or a read, was opened inside a transaction."""


class Busy(Refusal):
    """The database has no connection to spare, or is away."""

    say = "The shop is very busy. Please try again in a moment."
    status = 503


class Tally:
    """What one request asked of the databases: number of statements and seconds waited.

    `unsure`: it read a replica that may lag, since this process could neither ask the primary nor hear from the relay.
    """

    def __init__(self) -> None:
        self.unsure = False
        self.queries = 0
        self.seconds = 0.0
        self.statements: list[str] = []


TALLY: ContextVar[Tally | None] = ContextVar("tally", default=None)
CURRENT: ContextVar[Database | None] = ContextVar("database", default=None)


class Database:
    """One connection inside `reading` or `writing`. `scope` is EVERYONE or a shard's schema.

    `mark` is put behind each statement. PostgreSQL plans a prepared statement anew whenever the search_path is another
    than last time (measured: twice the server's time); with its shard's name behind it each shard has its own.
    """

    def __init__(self, connection: Any, scope: str, bucket: int, *, writes: bool, mark: str = "") -> None:
        self.connection = connection
        self.scope = scope
        self.bucket = bucket
        self.writes = writes
        self.mark = mark

    async def fetch(self, sql: str, *args: Any) -> list[asyncpg.Record]:
        return await self._counted(self.connection.fetch, sql, args)

    async def fetchrow(self, sql: str, *args: Any) -> asyncpg.Record | None:
        return await self._counted(self.connection.fetchrow, sql, args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        return await self._counted(self.connection.fetchval, sql, args)

    async def execute(self, sql: str, *args: Any) -> int:
        """Runs a statement; returns the number of rows it touched (0 where PostgreSQL names none)."""
        words = (await self._counted(self.connection.execute, sql, args)).split()
        return int(words[-1]) if words[-1].isdigit() else 0

    async def _counted(self, run: Any, sql: str, args: Sequence[Any]) -> Any:
        tally = TALLY.get()
        if tally is None:
            return await run(sql + self.mark, *args)
        started = time.perf_counter()
        try:
            return await run(sql + self.mark, *args)
        finally:
            tally.queries += 1
            tally.seconds += time.perf_counter() - started
            tally.statements.append(sql)

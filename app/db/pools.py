"""Connections to PostgreSQL: bounded, with time limits set by the server, and nothing to reset between two users."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import asyncpg
import msgspec

from app.settings import Settings

STATEMENTS = 100  # prepared ones a connection keeps per schema; the whole shop has fewer for shards
LOST = (  # the server or the way to it is gone, or it has no room; a TimeoutError is an OSError
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # disk, memory, connections: it has undone what it had begun
)
# None of a DSN's hosts is the one asked for (target_session_attrs), as during a failover.
OUTAGES = (*LOST, asyncpg.InterfaceError, asyncpg.exceptions.TargetServerAttributeNotMatched)
# On shards every statement finds its rows by an id, so one plan is as good for all of them. (Asked to
# choose, PostgreSQL plans a statement's first five runs anew, on every connection and for every shard.)
ONE_PLAN = {"plan_cache_mode": "force_generic_plan"}


class NotPrimary(ConnectionError):
    """The server takes readers only: it is a standby, perhaps since a moment ago."""


class Connection(asyncpg.Connection):
    """Saves the round trip of asyncpg's RESET ALL: writers only ever `SET LOCAL`, readers say where they look."""

    schema = ""  # what is read outside a transaction; empty: nobody knows
    planned: bool | None = False  # whether one plan is for all values; None: nobody knows

    def get_reset_query(self) -> str:
        return ""

    async def begin(self, words: str) -> None:
        """Raises NotPrimary on a standby, which refuses to begin anything that may write."""
        try:
            await self.execute(words)
        except asyncpg.FeatureNotSupportedError as refused:
            raise NotPrimary from refused

    async def look_at(self, schema: str) -> None:
        """Statements outside a transaction read this schema, and can't write."""
        if schema != self.schema:
            self.schema = ""  # unknown until it is done: a cancelled SET may have happened
            await self.execute(f"SET search_path TO {schema}; SET default_transaction_read_only TO on")
            self.schema = schema

    async def plan_once(self, wanted: bool) -> None:
        """Statements are planned for whatever values they get, or, where that looks cheaper, for each one's own."""
        if wanted != self.planned:
            self.planned = None
            await self.execute(f"SET plan_cache_mode TO {'force_generic_plan' if wanted else 'auto'}")
            self.planned = wanted


def _encode(value: Any) -> str:
    # Piccolo hands over JSON as text already; we hand over objects. No column holds a bare JSON string.
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


async def _prepare(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, schema="pg_catalog", encoder=_encode, decoder=msgspec.json.decode)


def server_settings(settings: Settings, *, read_only: bool = False) -> dict[str, str]:
    """Limits every connection starts with, in milliseconds."""
    limits = {
        "application_name": "vitrine",
        "timezone": "UTC",
        "statement_timeout": str(int(settings.statement_timeout * 1000)),
        "lock_timeout": str(int(settings.lock_timeout * 1000)),
        "idle_in_transaction_session_timeout": "5000",
        "pg_trgm.word_similarity_threshold": "0.45",  # search forgives one letter missing in a word of seven (0.54)
        "jit": "off",  # pages run short statements; compiling them costs more than it saves
    }
    return limits | {"default_transaction_read_only": "on"} if read_only else limits


async def make_pool(
    dsn: str, settings: Settings, *, read_only: bool = False, least: int = 1, schemas: int = 0
) -> asyncpg.Pool:
    """A pool of at most `pool_size` connections, `least` of them open from the start.

    `schemas`: for a server of shards, in how many of them the same is asked.
    """
    limits = server_settings(settings, read_only=read_only)
    return await asyncpg.create_pool(
        dsn,
        min_size=least,
        max_size=settings.pool_size,
        connection_class=Connection,
        init=_prepare,
        server_settings=limits | ONE_PLAN if schemas else limits,
        command_timeout=settings.statement_timeout + 2,
        timeout=settings.acquire_timeout,
        statement_cache_size=STATEMENTS * max(schemas, 1),
    )


async def connect(dsn: str, settings: Settings, **server: str) -> asyncpg.Connection:
    """One connection outside every pool, for session locks and bulk work. The caller closes it."""
    connection = await asyncpg.connect(dsn, timeout=5, server_settings=server_settings(settings) | server)
    await _prepare(connection)
    return connection


async def pool_of_shards(dsn: str, settings: Settings, *, schemas: int) -> asyncpg.Pool:
    """While one server is away its shoppers are told so; the others' processes can still be started again."""
    try:
        return await make_pool(dsn, settings, schemas=schemas)
    except LOST:
        return await make_pool(dsn, settings, least=0, schemas=schemas)


def drop(connection: Any) -> None:
    """Ends a connection at once. One that the server has ended already is in no pool any more: asyncpg then refuses."""
    with suppress(asyncpg.InterfaceError):
        connection.terminate()

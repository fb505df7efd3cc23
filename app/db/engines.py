"""Where every query goes: `reading(key)` and `writing(key)` pick the database, the shard and one bounded transaction.

Piccolo's own transaction can leak its pool slot (a failed commit, a second cancellation), so ours takes the connection,
finishes in a shielded task and gives the connection back whatever happens.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any
from uuid import UUID

import asyncpg

from app.db import crash
from app.db.current import CURRENT, EVERYONE, TALLY, Busy, CrossShard, Database, NoShard, Tally
from app.db.pools import make_pool
from app.db.routed import SHARDS, SHARED
from app.db.sharding import Shard, read_shards, shard_of
from app.settings import Settings
from app.values import bucket_of

__all__ = [
    "CURRENT", "EVERYONE", "OUTAGES", "SHARDS", "SHARED", "TALLY", "Busy", "CrossShard", "Database", "NoShard", "Tally",
    "all_shards", "close_databases", "open_databases", "read_primary_for", "reading", "writing",
]  # fmt: skip

Key = UUID | int | str

OUTAGES = (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError)


class _Servers:
    """The pools of this process, one per server and purpose."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self.shards: tuple[Shard, ...] = ()
        self.pools: dict[str, asyncpg.Pool] = {}
        self.replicas: Any = None
        self.primary_until = 0.0


_servers = _Servers()


async def open_databases(settings: Settings) -> None:
    """Opens the pools. Raises OSError or a PostgresError when a server does not answer."""
    _servers.settings = settings
    _servers.shards = read_shards(settings.shards)
    replicas = settings.replica_dsns.split() or [settings.shared_dsn]
    _servers.pools["shared"] = await make_pool(settings.shared_dsn, settings)
    for dsn in replicas:
        _servers.pools[f"read {dsn}"] = await make_pool(dsn, settings, read_only=True)
    for dsn in {shard.dsn for shard in _servers.shards}:
        _servers.pools[dsn] = await make_pool(dsn, settings)
    _servers.replicas = cycle([_servers.pools[f"read {dsn}"] for dsn in replicas])


async def close_databases() -> None:
    """Closes every pool; harmless when none is open."""
    pools, _servers.pools = list(_servers.pools.values()), {}
    for pool in pools:
        try:
            await asyncio.wait_for(pool.close(), 5)
        except TimeoutError:
            pool.terminate()


def read_primary_for(seconds: float) -> None:
    """Sends shared reads of this process to the primary for a while: it has just written what it will read."""
    _servers.primary_until = time.monotonic() + seconds


def all_shards() -> tuple[Shard, ...]:
    """Every shard, in id order."""
    return _servers.shards


def _bucket(key: Key) -> int:
    return bucket_of(key) if isinstance(key, UUID) else int(key)


def _place(key: Key, *, writes: bool) -> tuple[asyncpg.Pool, str, int]:
    if key == EVERYONE:
        primary = writes or time.monotonic() < _servers.primary_until
        return (_servers.pools["shared"] if primary else next(_servers.replicas)), EVERYONE, 0
    bucket = _bucket(key)
    shard = shard_of(bucket, _servers.shards)
    return _servers.pools[shard.dsn], shard.schema, bucket


@asynccontextmanager
async def reading(key: Key) -> AsyncIterator[Database]:
    """One connection to read with: of the shared database (a replica if there are any) or of the key's shard.

    A reading inside a reading of the same database joins it. Raises CrossShard inside anything else, Busy without a connection.
    """
    pool, scope, bucket = _place(key, writes=False)
    current = CURRENT.get()
    if current is not None and current.scope == scope and not current.writes:
        yield current
        return
    _refuse_inside(current, scope)
    begin = "" if scope == EVERYONE else f"BEGIN READ ONLY; SET LOCAL search_path TO {scope}"
    async with _held(pool, Database(None, scope, bucket, writes=False), begin) as database:
        yield database


@asynccontextmanager
async def writing(key: Key, *, step: str = "") -> AsyncIterator[Database]:
    """One transaction on the primary of the shared database or of the key's shard: commits at the end, or nothing happened.

    `step` names it for tests that kill the process around its commit. An exception out of the COMMIT itself means an unknown outcome. Raises CrossShard inside another transaction, Busy without a connection.
    """
    pool, scope, bucket = _place(key, writes=True)
    _refuse_inside(CURRENT.get(), scope)
    begin = "BEGIN" if scope == EVERYONE else f"BEGIN; SET LOCAL search_path TO {scope}"
    async with _held(pool, Database(None, scope, bucket, writes=True), begin) as database:
        yield database
        crash.at(step, "before_commit")
    crash.at(step, "after_commit")


def _refuse_inside(current: Database | None, scope: str) -> None:
    if current is not None:
        what = "write" if current.writes else "read"
        raise CrossShard(f"{scope} was opened inside a {what} of {current.scope}")


@asynccontextmanager
async def _held(pool: asyncpg.Pool, database: Database, begin: str) -> AsyncIterator[Database]:
    database.connection = await _acquire(pool)
    token = CURRENT.set(database)
    failed = True
    try:
        if begin:
            await database.connection.execute(begin)
        yield database
        failed = False
    finally:
        CURRENT.reset(token)
        await _to_its_end(_finish(pool, database.connection, begin, failed=failed))


async def _acquire(pool: asyncpg.Pool) -> Any:
    settings = _servers.settings
    assert settings is not None, "open_databases() first"
    try:
        return await pool.acquire(timeout=settings.acquire_timeout)
    except (TimeoutError, *OUTAGES) as away:
        raise Busy from away


async def _finish(pool: asyncpg.Pool, connection: Any, begin: str, *, failed: bool) -> None:
    try:
        if begin:
            await connection.execute("ROLLBACK" if failed else "COMMIT")
    except BaseException:
        connection.terminate()  # whatever state it is in, nobody inherits it
        if not failed:
            raise
    finally:
        await pool.release(connection)


async def _to_its_end(work: Any) -> None:
    """Awaits `work` even when we are cancelled meanwhile: a half-finished commit would leave its locks behind."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait({task}, timeout=5)
        raise

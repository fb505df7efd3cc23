"""Where every query goes: `reading(key)` and `writing(key)` pick the database, the shard and one bounded transaction.

Piccolo's own transaction can leak its pool slot (a failed commit, a second cancellation), so ours takes the connection,
finishes in a shielded task and gives the connection back whatever happens.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from app.db import crash
from app.db.breaker import Breaker, breakers_of
from app.db.current import CURRENT, EVERYONE, TALLY, Busy, CrossShard, Database, NoShard, Tally
from app.db.ending import finish, to_its_end
from app.db.pools import LOST, OUTAGES, NotPrimary, drop, make_pool, pool_of_shards
from app.db.replicas import Readers
from app.db.routed import SHARDS, SHARED
from app.db.sharding import MARKED, Shard, marks_of, read_shards, shard_of
from app.settings import Settings
from app.values import bucket_of

__all__ = [
    "CURRENT", "EVERYONE", "LOST", "OUTAGES", "SHARDS", "SHARED", "TALLY", "Busy", "CrossShard", "Database", "NoShard",
    "Tally", "all_shards", "close_databases", "open_databases", "reading", "writing",
]  # fmt: skip

Key = UUID | int | str


class _Servers:
    """The pools of this process, one per server and purpose."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self.shards: tuple[Shard, ...] = ()
        self.pools: dict[str, asyncpg.Pool] = {}
        self.readers: Readers | None = None
        self.breakers: dict[asyncpg.Pool, Breaker] = {}
        self.marks: dict[str, str] = {}  # by schema: see Database


_servers = _Servers()


async def open_databases(settings: Settings) -> None:
    """Opens the pools. Raises OSError or a PostgresError when the shared database does not answer; the others may be away."""
    _servers.settings = settings
    _servers.shards = read_shards(settings.shards)
    _servers.readers = Readers(settings)
    _servers.pools["shared"] = await make_pool(settings.shared_dsn, settings)
    _servers.pools["read"] = await make_pool(settings.shared_dsn, settings, read_only=True)
    _servers.marks = marks_of(_servers.shards)
    for dsn, schemas in Counter(shard.dsn for shard in _servers.shards).items():
        _servers.pools[dsn] = await pool_of_shards(dsn, settings, schemas=min(schemas, MARKED))
    _servers.breakers = breakers_of(_servers.pools, settings)
    _servers.pools |= await _servers.readers.open()


async def close_databases() -> None:
    """Closes every pool; harmless when none is open."""
    if _servers.readers:
        await _servers.readers.close()
    for breaker in set(_servers.breakers.values()):
        await breaker.close()
    pools, _servers.pools = list(_servers.pools.values()), {}
    for pool in pools:
        try:
            await asyncio.wait_for(pool.close(), 5)
        except TimeoutError:
            pool.terminate()


def all_shards() -> tuple[Shard, ...]:
    """Every shard, in id order."""
    return _servers.shards


def _place(key: Key) -> tuple[str, str, int]:
    """Name of the server's pool, schema, bucket."""
    if key == EVERYONE:
        return "shared", EVERYONE, 0
    bucket = bucket_of(key) if isinstance(key, UUID) else int(key)
    shard = shard_of(bucket, _servers.shards)
    return shard.dsn, shard.schema, bucket


@asynccontextmanager
async def reading(key: Key, *, fresh: bool = False, one_plan: bool = False) -> AsyncIterator[Database]:
    """One connection to read with: of the shared database (a replica if there are any) or of the key's shard.

    `fresh`: of no replica, since somebody decides by it what no gate waits for. `one_plan`: what is read finds its rows by
    a few ids, whichever they are; planning such a statement for each of them costs up to ten times what running it does.
    A reading inside a reading of the same database joins it. Raises CrossShard inside anything else, Busy without a connection.
    """
    name, scope, bucket = _place(key)
    current = CURRENT.get()
    if current is not None and current.scope == scope and not current.writes:
        yield current
        return
    _refuse_inside(current, scope)
    pool, connection = await (_to_read(fresh=fresh) if scope == EVERYONE else _acquire(name))
    mark = _servers.marks.get(scope, "")
    async with _held(pool, Database(connection, scope, bucket, writes=False, mark=mark), "") as database:
        if scope != EVERYONE:
            await connection.look_at(scope)
        else:
            await connection.plan_once(one_plan)
        yield database


@asynccontextmanager
async def writing(key: Key, *, step: str = "", lasting: bool = True) -> AsyncIterator[Database]:
    """One transaction on the primary of the shared database or of the key's shard: commits at the end, or nothing happened.

    Not `lasting`: its commit does not wait for the disk. A power cut may undo it, with all of the server that came after,
    within the next 0.6 s: only for what somebody does again then. `step` names it for tests that kill the process around its commit. An exception out of the COMMIT itself means an unknown outcome. Raises CrossShard inside another transaction, Busy without a connection.
    """
    name, scope, bucket = _place(key)
    _refuse_inside(CURRENT.get(), scope)
    begin = "BEGIN READ WRITE" if scope == EVERYONE else f"BEGIN READ WRITE; SET LOCAL search_path TO {scope}"
    begin += "" if lasting else "; SET LOCAL synchronous_commit TO off"
    pool, connection = await _acquire(name)
    mark = _servers.marks.get(scope, "")
    async with _held(pool, Database(connection, scope, bucket, writes=True, mark=mark), begin) as database:
        yield database
        crash.at(step, "before_commit")
    crash.at(step, "after_commit")


def _refuse_inside(current: Database | None, scope: str) -> None:
    if current is not None:
        what = "write" if current.writes else "read"
        raise CrossShard(f"{scope} was opened inside a {what} of {current.scope}")


@asynccontextmanager
async def _held(pool: asyncpg.Pool, database: Database, begin: str) -> AsyncIterator[Database]:
    token = CURRENT.set(database)
    failed, breaker = True, _servers.breakers.get(pool)
    watch = breaker.watch() if breaker else None
    try:
        if begin:
            await database.connection.begin(begin)
        yield database
        failed = False
    except LOST as lost:  # before any COMMIT, so nothing has happened
        drop(database.connection)
        if isinstance(lost, NotPrimary):  # nor are the pool's others: whoever comes next looks for the primary anew
            await pool.expire_connections()
        raise Busy from lost
    finally:
        CURRENT.reset(token)
        if begin:
            await to_its_end(finish(pool, database, failed=failed))
        else:
            await pool.release(database.connection)  # to its end by itself
        if watch:
            watch.cancel()


async def _to_read(*, fresh: bool) -> tuple[asyncpg.Pool, Any]:
    """A connection of a replica that may be read (never if `fresh`), else of the primary; while that is away of any that is as current."""
    readers = _servers.readers
    assert readers is not None, "open_databases() first"
    if not fresh and (replica := readers.choose()):
        try:
            return await _acquire(replica.pool)
        except Busy:
            replica.must_reach(0)
    try:
        return await _acquire("read")
    except Busy as busy:
        replica = readers.choose(primary_away=True)
        if replica is None or isinstance(busy.__cause__, TimeoutError):  # its pool was only full
            raise
        if tally := TALLY.get():
            tally.unsure = True
        return await _acquire(replica.pool)


async def _acquire(name: str) -> tuple[asyncpg.Pool, Any]:
    settings = _servers.settings
    assert settings is not None, "open_databases() first"
    pool = _servers.pools[name]
    breaker = _servers.breakers.get(pool)
    if breaker:
        breaker.check()
    try:
        return pool, await pool.acquire(timeout=settings.acquire_timeout)
    except (TimeoutError, *OUTAGES) as away:
        if breaker and isinstance(away, TimeoutError):
            breaker.suspect()
        raise Busy from away

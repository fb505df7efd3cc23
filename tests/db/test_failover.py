"""The primary dies and its standby takes over: writers wait for that, and find it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest

from app.db.engines import EVERYONE, Busy, all_shards, close_databases, open_databases, reading, writing
from app.ops import postgres
from app.settings import settings
from app.values import new_id
from tests.db.rows import is_there
from tests.servers import Replica, Servers

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("databases")]


@pytest.fixture
def pair(servers: Servers) -> Iterator[tuple[Replica, Replica]]:
    """A primary of this test's own and its standby."""
    primary = Replica(servers.home)
    primary.ask("SELECT pg_promote()")
    standby = Replica(primary.home)
    yield primary, standby
    standby.remove()
    primary.remove()


@pytest.fixture
async def shop(pair: tuple[Replica, Replica]) -> AsyncIterator[None]:
    """This process is told both addresses and asks for the one that takes writers."""
    hosts = ",".join(str(each.home.run) for each in pair)
    dsn = f"{pair[0].dsn.partition('?')[0]}?host={hosts}&port=5432,5432&target_session_attrs=primary"
    await _reopen(dsn)
    yield
    await close_databases()
    await open_databases(settings())


async def _reopen(dsn: str) -> None:
    await close_databases()
    await open_databases(msgspec.structs.replace(settings(), shared_dsn=dsn, shards=postgres.shard_dsns(dsn)))


async def put(id) -> None:
    async with writing(id) as db:
        await db.execute("INSERT INTO shopper (id) VALUES ($1)", id)


async def count_up() -> int:
    async with writing(EVERYONE) as db:
        return await db.fetchval("UPDATE edge_canary SET version = version + 1 RETURNING version")


async def in_the_end(work, *args):
    """What it says once the databases take it; a refusal in between is Busy and nothing else."""
    for _ in range(200):
        try:
            return await work(*args)
        except Busy:
            await asyncio.sleep(0.05)
    raise AssertionError("never")


@pytest.mark.usefixtures("shop")
async def test_writers_find_the_new_primary(pair: tuple[Replica, Replica]) -> None:
    primary, standby = pair
    before, after = [new_id(shard.first) for shard in all_shards()], [new_id(shard.first) for shard in all_shards()]
    for id in before:
        await put(id)
    version = await count_up()
    while standby.ask("SELECT pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()") != "t":
        await asyncio.sleep(0.05)

    primary.stop()
    with pytest.raises(Busy):
        await count_up()
    standby.ask("SELECT pg_promote()")

    assert await in_the_end(count_up) == version + 1
    for id in after:
        await in_the_end(put, id)
    assert [await in_the_end(is_there, id) for id in before + after] == [True] * len(before + after)


async def test_a_standby_takes_no_writer_and_its_connections_are_given_up(pair: tuple[Replica, Replica]) -> None:
    standby = pair[1]
    await _reopen(standby.dsn)
    try:
        with pytest.raises(Busy):
            await count_up()
        with pytest.raises(Busy):
            await put(new_id(9))
        async with reading(EVERYONE) as db:
            assert await db.fetchval("SELECT pg_is_in_recovery()"), "who only reads is welcome"
        standby.ask("SELECT pg_promote()")
        await in_the_end(put, new_id(9))
    finally:
        await close_databases()
        await open_databases(settings())

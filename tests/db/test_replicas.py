from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import httpx
import msgspec
import pytest

from app.db import engines
from app.db.engines import EVERYONE, Busy, close_databases, open_databases, reading, writing
from app.db.gate import Gate
from app.db.replicas import CHANNEL
from app.edge.keep import HOME
from app.settings import settings
from tests.conftest import ANONYMOUS_FORM
from tests.servers import Replica

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("databases")]


@pytest.fixture
async def gate(replica: Replica) -> AsyncIterator[Gate]:
    """This process reads the replica, and this gate waits for it; afterwards all is as before."""
    shop = msgspec.structs.replace(settings(), replica_dsns=replica.dsn, gate_seconds=0.3)
    await close_databases()
    await open_databases(shop)
    at_the_gate = Gate(shop)
    await eventually(reads_replica)
    yield at_the_gate
    await at_the_gate.close()
    await close_databases()
    await open_databases(settings())


async def reads_replica() -> bool:
    async with reading(EVERYONE) as db:
        return await db.fetchval("SELECT pg_is_in_recovery()")


async def reads_primary() -> bool:
    return not await reads_replica()


async def version() -> int:
    async with reading(EVERYONE) as db:
        return await db.fetchval("SELECT version FROM edge_canary")


async def written() -> int:
    async with writing(EVERYONE) as db:
        return await db.fetchval("UPDATE edge_canary SET version = version + 1 RETURNING version")


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(400):
        if await true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(true.__name__)


async def test_behind_the_gate_a_replica_shows_what_was_written(gate: Gate) -> None:
    for _ in range(20):
        now = await written()
        await gate.passed()
        assert await version() == now
    assert await reads_replica()


async def test_who_decides_by_what_is_read_asks_the_primary(gate: Gate, replica: Replica) -> None:
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        now = await written()
        shown = await version()
        async with reading(EVERYONE, fresh=True) as db:
            fresh = await db.fetchval("SELECT version FROM edge_canary")
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")

    assert (shown, fresh) == (now - 1, now)


async def test_a_replica_that_lags_is_not_read_until_it_has_caught_up(gate: Gate, replica: Replica) -> None:
    await gate.passed()
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        now = await written()
        waited = await gate.passed()
        shown = [await version() for _ in range(20)]
        again = await written()
        at_once = await gate.passed()
        shown_again = await version()
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")

    assert waited >= 300
    assert shown == [now] * 20
    assert at_once < 300, "who is known to lag is not waited for"
    assert shown_again == again
    await eventually(reads_replica)
    assert await version() == again


async def test_a_replica_that_is_away_breaks_nothing_and_is_read_again_when_it_is_back(
    gate: Gate, replica: Replica
) -> None:
    replica.stop()
    await asyncio.sleep(0.1)  # a statement under way would fail; the next finds the connection closed
    try:
        shown = await version()
        now = await written()
        await gate.passed()
        assert (shown + 1, await version()) == (now, now)
    finally:
        replica.start()

    await eventually(reads_replica)
    assert await version() == now


async def test_who_cannot_listen_reads_the_primary(gate: Gate) -> None:
    async with writing(EVERYONE) as db:
        ended = await db.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1", CHANNEL
        )
    assert ended == 1

    await eventually(reads_primary)
    await eventually(reads_replica)


async def test_what_a_replica_says_while_the_primary_is_away_is_kept_briefly(
    gate: Gate, shop: httpx.AsyncClient
) -> None:
    """Perhaps it is away for this process only, which then hears of no purge either."""
    await gate.passed()

    with primary_away():
        unsure = await shop.get("/", headers=ANONYMOUS_FORM)
    sure = await shop.get("/", headers=ANONYMOUS_FORM)

    assert (unsure.status_code, unsure.headers["Cache-Control"]) == (200, "public, s-maxage=5")
    assert sure.headers["Cache-Control"] == f"public, s-maxage={HOME.ttl}"


@contextmanager
def primary_away() -> Iterator[None]:
    """Nobody can be asked for a connection but the replica, and nothing is heard."""
    acquire, readers = engines._acquire, engines._servers.readers
    assert readers is not None

    async def refused(name: str) -> Any:
        if name == "read":
            raise Busy from ConnectionRefusedError()
        return await acquire(name)

    with mock.patch.object(engines, "_acquire", refused), mock.patch.object(readers, "listening", False):
        yield


async def test_a_process_that_starts_late_does_not_trust_a_replica_that_lags(gate: Gate, replica: Replica) -> None:
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        now = await written()
        shop = msgspec.structs.replace(settings(), replica_dsns=replica.dsn)
        await close_databases()
        await open_databases(shop)  # nobody will tell it what was said before
        await asyncio.sleep(0.5)
        assert await version() == now
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")


async def test_without_replicas_nobody_listens_or_waits() -> None:
    assert await Gate(settings()).passed() == 0
    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", CHANNEL) == 0

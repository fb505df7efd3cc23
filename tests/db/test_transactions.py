from __future__ import annotations

import asyncio
from contextlib import suppress

import asyncpg
import pytest

from app.db import engines
from app.db.engines import EVERYONE, Busy, reading, writing
from app.db.pools import connect
from app.settings import settings
from app.values import new_id
from tests.db.rows import is_there

pytestmark = pytest.mark.usefixtures("databases")

GONE = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, Busy)  # a dead connection


async def put(id) -> None:
    async with writing(id) as db:
        await db.execute("INSERT INTO shopper (id) VALUES ($1)", id)


async def test_an_error_rolls_everything_back():
    shopper_id = new_id(9)

    with pytest.raises(ZeroDivisionError):
        async with writing(shopper_id) as db:
            await db.execute("INSERT INTO shopper (id) VALUES ($1)", shopper_id)
            raise ZeroDivisionError

    assert not await is_there(shopper_id)
    await idle()


async def test_a_statement_that_fails_rolls_everything_back():
    shopper_id = new_id(9)

    with pytest.raises(asyncpg.UniqueViolationError):
        async with writing(shopper_id) as db:
            await db.execute("INSERT INTO shopper (id) VALUES ($1)", shopper_id)
            await db.execute("INSERT INTO shopper (id) VALUES ($1)", shopper_id)

    assert not await is_there(shopper_id)
    await idle()


async def test_a_commit_that_fails_is_told_and_gives_the_connection_back():
    for _ in range(settings().pool_size + 2):
        with pytest.raises(asyncpg.UniqueViolationError):
            async with writing(9) as db:
                await db.execute(
                    "CREATE TEMP TABLE twice (a int, UNIQUE (a) DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP"
                )
                await db.execute("INSERT INTO twice VALUES (1), (1)")

    await idle()


async def test_whenever_a_write_is_cancelled_it_happened_or_not_and_leaves_nothing_behind():
    ids = [new_id(200) for _ in range(120)]

    for at, id in enumerate(ids):  # from before BEGIN to after COMMIT
        with suppress(TimeoutError):
            await asyncio.wait_for(put(id), at * 0.00005 if id != ids[-1] else None)

    await idle()
    there = [await is_there(id) for id in ids]
    assert not there[0]
    assert there[-1]


async def test_a_second_cancellation_does_not_interrupt_the_end():
    ids = [new_id(201) for _ in range(40)]

    for at, id in enumerate(ids):
        task = asyncio.create_task(put(id))
        for _ in range(3):
            await asyncio.sleep(at * 0.0001)
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    await idle()


async def test_two_statements_at_once_fail_without_losing_the_connection():
    for _ in range(settings().pool_size + 2):
        with pytest.raises(asyncpg.InterfaceError):
            async with writing(3) as db:
                await asyncio.gather(db.fetchval("SELECT 1"), db.fetchval("SELECT 2"))

    await idle()


async def test_after_a_killed_connection_the_next_use_works():
    for key in (700, EVERYONE):
        with pytest.raises(GONE):
            async with writing(key) as db:
                await kill(await db.fetchval("SELECT pg_backend_pid()"))
                await db.fetchval("SELECT 1")

        async with writing(key) as db:
            assert await db.fetchval("SELECT 1") == 1
    await idle()


async def test_a_connection_killed_before_the_commit_is_no_success():
    shopper_id = new_id(701)

    with pytest.raises(GONE):
        async with writing(shopper_id) as db:
            await db.execute("INSERT INTO shopper (id) VALUES ($1)", shopper_id)
            await kill(await db.fetchval("SELECT pg_backend_pid()"))

    assert not await is_there(shopper_id)
    await idle()


async def test_a_connection_killed_while_nobody_used_it_is_replaced_unnoticed():
    async with reading(0) as db:
        pid = await db.fetchval("SELECT pg_backend_pid()")
    await kill(pid)
    await asyncio.sleep(0.1)

    async with reading(0) as db:
        assert await db.fetchval("SELECT pg_backend_pid()") != pid


async def test_without_a_connection_in_time_the_shop_is_busy_and_recovers():
    release = asyncio.Event()
    opened = 0

    async def hold() -> None:
        nonlocal opened
        async with reading(0):
            opened += 1
            await release.wait()

    holders = [asyncio.create_task(hold()) for _ in range(settings().pool_size)]
    while opened < settings().pool_size:
        await asyncio.sleep(0.01)

    with pytest.raises(Busy) as refused:
        async with reading(1):
            pass
    release.set()
    await asyncio.gather(*holders)

    assert refused.value.status == 503
    async with reading(1) as db:
        assert await db.fetchval("SELECT 1") == 1
    await idle()


async def test_a_task_that_outlives_its_transaction_cannot_use_it():
    async with writing(0) as db:
        gate = asyncio.Event()

        async def late() -> None:
            await gate.wait()
            await db.fetchval("SELECT 1")

        task = asyncio.create_task(late())
    gate.set()

    with pytest.raises(asyncpg.InterfaceError):
        await task


async def kill(pid: int) -> None:
    other = await connect(settings().shared_dsn, settings())
    await other.execute("SELECT pg_terminate_backend($1)", pid)
    await other.close()


async def idle() -> None:
    """Nothing is open in a transaction, and every connection is back in its pool."""
    other = await connect(settings().shared_dsn, settings())
    hanging = await other.fetchval("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
    await other.close()
    assert hanging == 0
    for name, pool in engines._servers.pools.items():
        assert pool.get_idle_size() == pool.get_size(), name

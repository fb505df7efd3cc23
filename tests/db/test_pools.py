from __future__ import annotations

import time

import asyncpg
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.db.pools import connect
from app.settings import settings
from app.values import new_id

pytestmark = pytest.mark.usefixtures("databases")


@pytest.mark.parametrize("scope", [reading, writing])
@pytest.mark.parametrize("key", [0, EVERYONE])
async def test_every_connection_has_its_limits(scope, key):
    async with scope(key) as db:
        limits = {
            name: await db.fetchval("SELECT setting FROM pg_settings WHERE name = $1", name)
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "TimeZone")
        }

    assert limits == {
        "statement_timeout": str(int(settings().statement_timeout * 1000)),
        "lock_timeout": str(int(settings().lock_timeout * 1000)),
        "idle_in_transaction_session_timeout": "5000",
        "TimeZone": "UTC",
    }


async def test_a_statement_that_takes_too_long_is_ended():
    started = time.monotonic()

    with pytest.raises(asyncpg.QueryCanceledError):
        async with reading(0) as db:
            await db.fetchval("SELECT pg_sleep(30)")

    assert time.monotonic() - started < settings().statement_timeout + 1.5


async def test_a_row_that_stays_locked_is_not_waited_for_forever():
    shopper_id = new_id(0)
    async with writing(shopper_id) as db:
        await db.execute("INSERT INTO shopper (id) VALUES ($1)", shopper_id)
    other = await connect(settings().shared_dsn, settings(), search_path="s00")
    await other.execute(f"BEGIN; SELECT FROM shopper WHERE id = '{shopper_id}' FOR UPDATE")

    with pytest.raises(asyncpg.LockNotAvailableError):
        async with writing(shopper_id) as db:
            await db.fetchrow("SELECT FROM shopper WHERE id = $1 FOR UPDATE", shopper_id)

    await other.close()


async def test_what_a_user_of_a_connection_set_is_gone_for_the_next():
    for _ in range(settings().pool_size + 2):
        async with writing(0) as db:
            await db.execute("SET LOCAL work_mem = '1234kB'")
    for _ in range(settings().pool_size + 2):
        async with writing(1023) as db:
            assert await db.fetchval("SHOW work_mem") != "1234kB"
            assert await db.fetchval("SELECT current_schema()") == "s03"


@pytest.mark.parametrize("value", [{"a": [1, None, "ü"]}, [], {}, [{"x": 1.5}], 3, None])
async def test_json_comes_back_as_it_went(value):
    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT $1::jsonb", value) == value

from __future__ import annotations

import asyncio
from collections import Counter

import asyncpg
import pytest

from app.accounts.tables import Shopper
from app.catalog.tables import Redirect
from app.db.engines import EVERYONE, TALLY, CrossShard, NoShard, Tally, all_shards, reading, writing
from app.values import new_id
from tests.db.rows import a_shopper, is_there

pytestmark = pytest.mark.usefixtures("databases")


async def test_every_bucket_leads_to_its_own_schema():
    for shard in all_shards():
        for bucket in (shard.first, shard.first + shard.size - 1):
            async with reading(bucket) as read:
                assert await read.fetchval("SELECT current_schema()") == shard.schema
            async with writing(new_id(bucket)) as write:
                assert await write.fetchval("SELECT current_schema()") == shard.schema


async def test_everyone_is_the_shared_database():
    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT current_schema()") == "public"


async def test_a_row_lies_in_the_shard_of_its_id_and_in_no_other():
    first, last = all_shards()[0], all_shards()[-1]
    shopper_id = await a_shopper(last.first)

    assert await is_there(shopper_id)
    async with reading(first.first) as db:
        assert not await db.fetchval("SELECT count(*) FROM shopper WHERE id = $1", shopper_id)


async def test_the_same_statement_on_the_same_connection_reads_each_schema_anew():
    ids = [await a_shopper(shard.first) for shard in all_shards()]
    seen: Counter[int] = Counter()

    for _ in range(5):
        for at, shard in enumerate(all_shards()):
            async with reading(shard.first) as db:
                seen[await db.fetchval("SELECT pg_backend_pid()")] += 1
                found = await db.fetch("SELECT id FROM shopper WHERE id = ANY($1::uuid[])", ids)
            assert [row["id"] for row in found] == [ids[at]]

    assert max(seen.values()) > len(all_shards())


async def test_after_a_read_was_cancelled_on_its_way_the_next_one_looks_at_its_own_schema():
    shards = all_shards()

    async def schema_of(shard) -> str:
        async with reading(shard.first) as db:
            return await db.fetchval("SELECT current_schema()")

    for at in range(80):
        asked = asyncio.create_task(schema_of(shards[at % len(shards)]))
        await asyncio.sleep(at * 0.00005)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        shard = shards[(at + at // 4) % len(shards)]
        assert await schema_of(shard) == shard.schema


async def test_each_schema_has_prepared_statements_of_its_own():
    for _ in range(2):
        for shard in all_shards():
            async with reading(shard.first) as db:
                await db.fetchval("SELECT 'planned once', $1::int", 1)
    async with reading(0) as db:
        texts = await db.fetch("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%planned once%'")

    assert {row["statement"].rpartition(" -- ")[2] for row in texts} >= {all_shards()[0].schema}


async def test_sql_functions_work_on_the_schema_they_are_called_in():
    for shard in all_shards():
        variant_id = new_id(shard.first)
        async with writing(variant_id) as db:
            await db.execute("INSERT INTO stock (variant_id) VALUES ($1)", variant_id)
            assert await db.fetchval("SELECT adjust_stock($1, 4, 'opening', '')", variant_id) == 4
        async with reading(variant_id) as db:
            assert await db.fetchval("SELECT on_hand FROM stock WHERE variant_id = $1", variant_id) == 4


async def test_a_table_used_outside_a_transaction_is_an_error():
    with pytest.raises(NoShard, match="outside"):
        await Shopper.exists()
    with pytest.raises(NoShard, match="outside"):
        await Redirect.exists()


async def test_a_table_of_the_other_kind_is_an_error():
    async with reading(EVERYONE):
        with pytest.raises(NoShard):
            await Shopper.exists()
    async with reading(0):
        with pytest.raises(NoShard):
            await Redirect.exists()


async def test_tables_have_no_transactions_of_their_own():
    for use in (Shopper._meta.db.transaction, Shopper._meta.db.atomic):
        with pytest.raises(NoShard):
            use()
    with pytest.raises(NoShard):
        await Shopper.create_table()


@pytest.mark.parametrize("outer", [reading, writing])
@pytest.mark.parametrize("inner", [reading, writing])
@pytest.mark.parametrize("key", [1023, EVERYONE])
async def test_a_second_database_inside_a_transaction_is_an_error(outer, inner, key):
    async with outer(0):
        with pytest.raises(CrossShard):
            async with inner(key):
                pass


async def test_a_read_or_a_write_inside_a_write_is_an_error_even_on_the_same_shard():
    async with writing(0):
        for inner in (reading, writing):
            with pytest.raises(CrossShard):
                async with inner(0):
                    pass


async def test_a_write_inside_a_read_is_an_error():
    for key in (0, EVERYONE):
        async with reading(key):
            with pytest.raises(CrossShard):
                async with writing(key):
                    pass


async def test_a_read_inside_a_read_of_the_same_database_joins_it():
    for key, other in ((0, 1), (EVERYONE, EVERYONE)):
        async with reading(key) as outer:
            async with reading(other) as inner:
                assert inner is outer
            assert await outer.fetchval("SELECT 1") == 1


async def test_what_comes_after_a_refused_nesting_works():
    shopper_id = new_id(0)

    async with writing(shopper_id) as db:
        with pytest.raises(CrossShard):
            async with writing(EVERYONE):
                pass
        await db.execute("INSERT INTO shopper (id) VALUES ($1)", shopper_id)

    assert await is_there(shopper_id)


@pytest.mark.parametrize("key", [5, EVERYONE])
async def test_reading_refuses_to_write(key):
    table, column = ("shopper", "id") if key == 5 else ("redirect", "id")

    async with reading(key) as db:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await db.execute(f"DELETE FROM {table} WHERE {column} = $1", new_id(5))


async def test_shared_reads_go_where_nothing_can_be_written_and_writes_to_the_primary():
    asked = "SELECT current_setting('default_transaction_read_only')"

    async with reading(EVERYONE) as db:
        assert await db.fetchval(asked) == "on"
    async with writing(EVERYONE) as db:
        assert await db.fetchval(asked) == "off"


async def test_a_request_counts_its_statements():
    tally = Tally()
    token = TALLY.set(tally)

    async with reading(0) as db:
        await db.fetchval("SELECT 1")
        await Shopper.exists()
    TALLY.reset(token)

    assert tally.queries == 2
    assert tally.seconds > 0


@pytest.mark.parametrize("key", [EVERYONE, 5])
async def test_only_what_need_not_last_does_not_wait_for_the_disk(key):
    waits = {}
    for lasting in (True, False, True):
        async with writing(key, lasting=lasting) as db:
            waits[lasting] = await db.fetchval("SHOW synchronous_commit")

    assert waits == {True: "on", False: "off"}


async def test_a_statement_tells_how_many_rows_it_touched():
    shopper_id = await a_shopper(4)

    async with writing(shopper_id) as db:
        assert await db.execute("UPDATE shopper SET created_at = now() WHERE id = $1", shopper_id) == 1
        assert await db.execute("UPDATE shopper SET created_at = now() WHERE id = $1", new_id(4)) == 0

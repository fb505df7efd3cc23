from __future__ import annotations

from app.db.engines import all_shards, writing
from app.inventory import operations, queries
from app.values import any_bucket, bucket_of, new_id
from tests.inventory.test_events import band_events


async def test_nothing_is_known_of_a_variant_without_stock(databases):
    assert await queries.stock_of(new_id(any_bucket())) is None


async def test_each_kind_of_drift_is_counted_in_its_shard(databases):
    bucket = all_shards()[0].first
    before = await queries.verify(bucket)
    reserved, on_hand, sold, band = [await a_told_variant(bucket) for _ in range(4)]

    await spoil(reserved, "reserved = reserved + 1")
    await spoil(on_hand, "on_hand = on_hand + 1")
    await spoil(sold, "sold = sold + 1")
    await spoil(band, "band = 'out'")

    after = await queries.verify(bucket)
    assert after.reserved - before.reserved == 1
    assert after.on_hand - before.on_hand == 1
    assert after.sold - before.sold == 1
    assert after.band - before.band == 1
    assert after.projected - before.projected == 1
    assert after.total - before.total == 5


async def test_ordinary_work_leaves_no_drift(databases):
    bucket = all_shards()[1].first
    before = await queries.verify(bucket)
    variant_id = await a_told_variant(bucket)

    verdicts = await operations.reserve(new_id(any_bucket()), [(variant_id, 3)])
    await operations.pin([verdict.pair for verdict in verdicts])
    await operations.claim([verdict.pair for verdict in verdicts])
    await operations.reserve(new_id(any_bucket()), [(variant_id, 2)])
    await operations.receive(variant_id, 4)
    await operations.adjust(variant_id, -1)

    assert await queries.verify(bucket) == before


async def a_told_variant(bucket: int):
    """A variant in stock whose band the shared database knows."""
    variant_id = new_id(bucket)
    await operations.open_stock(variant_id, 50)
    for event in await band_events(variant_id):
        await operations.project_band(event)
    async with writing(variant_id) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE body->>'variant_id' = $1", str(variant_id))
    assert bucket_of(variant_id) == bucket
    return variant_id


async def spoil(variant_id, change: str) -> None:
    async with writing(variant_id) as db:
        await db.execute(f"UPDATE stock SET {change} WHERE variant_id = $1", variant_id)


async def test_only_what_stays_pinned_past_its_time_needs_a_look(databases):
    variant_id = new_id(any_bucket())
    await operations.open_stock(variant_id, 5)
    old, fresh, held = [new_id(any_bucket()) for _ in range(3)]
    for order_id in (old, fresh, held):
        verdicts = await operations.reserve(order_id, [(variant_id, 1)])
        if order_id != held:
            await operations.pin([verdict.pair for verdict in verdicts])
    await long_ago(variant_id, old)
    await long_ago(variant_id, held)

    found = await queries.long_pinned(bucket_of(variant_id), age=60, most=10_000)

    ours = [(each.order_id, each.id) for each in found if each.variant_id == variant_id]
    assert ours == [(old, queries.reservation_of(old, variant_id))]


async def long_ago(variant_id, order_id) -> None:
    """The hold would have run out an hour ago."""
    async with writing(variant_id) as db:
        sql = "UPDATE reservation SET expires_at = clock_timestamp() - interval '1 hour' WHERE variant_id = $1 AND order_id = $2"
        assert await db.execute(sql, variant_id, order_id) == 1

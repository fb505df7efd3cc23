from __future__ import annotations

import asyncio

import pytest

from app.db.engines import EVERYONE, reading
from app.inventory import operations, queries, rules
from app.inventory.events import StockBandChanged
from app.inventory.operations import Terms
from app.values import any_bucket, new_id
from tests.inventory.stocked import a_stocked_variant, an_order, ledger
from tests.inventory.test_events import band_events


async def test_stock_cannot_be_taken_below_what_is_reserved(databases):
    variant_id = await a_stocked_variant(5)
    await operations.reserve(an_order(), [(variant_id, 3)])

    with pytest.raises(operations.BelowReserved):
        await operations.adjust(variant_id, -3, reason="adjusted", reference="count")

    assert (await queries.stock_of(variant_id)).on_hand == 5
    assert await operations.adjust(variant_id, -2) == 3


async def test_a_delivery_is_on_hand_with_its_reference(databases):
    variant_id = await a_stocked_variant(0)

    assert await operations.receive(variant_id, 12, reference="DN-1") == 12
    assert await ledger(variant_id) == [(12, "received", "DN-1")]


@pytest.mark.parametrize("quantity", [0, -1, rules.MOST_UNITS + 1])
async def test_a_delivery_of_nothing_or_of_too_much_is_refused(databases, quantity):
    variant_id = await a_stocked_variant(1)

    with pytest.raises(operations.NotThatMany):
        await operations.receive(variant_id, quantity)


async def test_nothing_is_adjusted_where_no_stock_is_kept(databases):
    with pytest.raises(operations.NoStockKept):
        await operations.adjust(new_id(any_bucket()), 1)


async def test_stock_is_opened_once(databases):
    variant_id = await a_stocked_variant(5)

    assert not await operations.open_stock(variant_id, 9)
    assert (await queries.stock_of(variant_id)).on_hand == 5


async def test_the_band_is_told_only_when_it_changes_each_time_with_a_higher_version(databases):
    variant_id = await a_stocked_variant(10, Terms(few_at=3))
    held = []
    for _ in range(10):
        held += await operations.reserve(an_order(), [(variant_id, 1)])
    await operations.release([verdict.pair for verdict in held])
    await operations.receive(variant_id, 5)

    told = await band_events(variant_id)

    assert [event.band for event in told] == ["in", "few", "out", "in"]
    assert [event.version for event in told] == [1, 2, 3, 4]


async def test_what_opens_sold_out_has_nothing_to_tell(databases):
    variant_id = await a_stocked_variant(0)

    assert await band_events(variant_id) == []


async def test_the_projection_never_goes_back(databases):
    variant_id = new_id(any_bucket())
    events = [
        StockBandChanged(variant_id=variant_id, band=band, back_on=None, version=version)
        for version, band in enumerate(["in", "few", "out", "in"], start=1)
    ]

    changed = [await operations.project_band(events[at]) for at in (1, 0, 3, 2, 3)]

    assert changed == [True, False, True, False, False]
    assert await projected(variant_id) == ("in", 4)


async def test_events_that_arrive_together_leave_the_newest(databases):
    variant_id = new_id(any_bucket())
    events = [
        StockBandChanged(variant_id=variant_id, band="in" if n % 2 else "few", back_on=None, version=n)
        for n in range(1, 16)
    ]

    await asyncio.gather(*(operations.project_band(event) for event in reversed(events)))

    assert await projected(variant_id) == ("in", 15)


async def projected(variant_id):
    async with reading(EVERYONE) as db:
        row = await db.fetchrow("SELECT band, version FROM stock_band WHERE variant_id = $1", variant_id)
    return tuple(row)


async def owed(variant_id) -> int:
    async with reading(variant_id) as db:
        return await db.fetchval("SELECT coalesce(sum(owed), 0)::int FROM stock_owed WHERE variant_id = $1", variant_id)


async def test_what_left_an_empty_shelf_is_paid_by_what_comes_next_before_anybody_can_buy_it(databases):
    variant_id, key = await a_stocked_variant(3), new_id(any_bucket())
    [verdict] = await operations.reserve(an_order(), [(variant_id, 2)])

    for _ in range(2):  # twice is once
        await operations.take_out(variant_id, 2, reference="K1", key=key)
    before = await queries.stock_of(variant_id)
    assert (before.on_hand, before.available, await owed(variant_id)) == (2, 0, 1)

    on_hand = await operations.receive(variant_id, 5, reference="DN-2")
    await operations.take_out(variant_id, 2, reference="K1", key=key)

    assert (on_hand, await owed(variant_id)) == (6, 0)
    assert (await queries.stock_of(variant_id)).available == 4
    assert await ledger(variant_id) == [
        (3, "opening", ""), (-1, "exchanged", "K1"), (5, "received", "DN-2"), (-1, "exchanged", "K1"),
    ]  # fmt: skip
    await operations.release([verdict.pair])
    assert (await queries.stock_of(variant_id)).available == 6


async def test_what_is_owed_is_paid_by_what_somebody_gives_up_too_the_oldest_first(databases):
    variant_id = await a_stocked_variant(2)
    [verdict] = await operations.reserve(an_order(), [(variant_id, 2)])
    for reference, units in (("first", 1), ("second", 3)):
        await operations.take_out(variant_id, units, reference=reference, key=new_id(any_bucket()))

    await operations.release([verdict.pair])

    assert [entry[::2] for entry in (await ledger(variant_id))[1:]] == [(-1, "first"), (-1, "second")]
    assert (await queries.stock_of(variant_id)).available == 0
    assert await owed(variant_id) == 2


async def test_who_counts_has_counted_without_what_is_owed(databases):
    variant_id = await a_stocked_variant(0)
    await operations.take_out(variant_id, 1, reference="K2", key=new_id(any_bucket()))

    await operations.count(variant_id, 4)

    assert (await queries.stock_of(variant_id)).available == 4
    assert await owed(variant_id) == 0


async def test_what_is_not_counted_is_never_owed(databases):
    variant_id = await a_stocked_variant(0, Terms(policy="made_to_order"))

    await operations.take_out(variant_id, 1, reference="K3", key=new_id(any_bucket()))

    assert (await owed(variant_id), await ledger(variant_id)) == (0, [])

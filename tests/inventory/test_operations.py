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

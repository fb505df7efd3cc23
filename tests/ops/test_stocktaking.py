"""Each thing that can be wrong with stock is found, and mended or left to a person. A database of its own: what is broken
here is broken nowhere else."""

from __future__ import annotations

from uuid import UUID

import pytest
from click.testing import CliRunner

from app.cli import main
from app.db.engines import EVERYONE, reading, writing
from app.inventory import operations, queries
from app.ops import stocktaking
from app.ops.stocktaking import Taking
from app.values import new_id
from tests.inventory.stocked import a_stocked_variant, an_order, ledger
from tests.inventory.test_events import band_events
from tests.inventory.test_reservations import expire
from tests.knobs import Scripted, provider
from tests.makers import a_product
from tests.makers import an_order as an_unpaid_order
from tests.orders.books import pass_time, to_page
from tests.orders.test_operations import declined
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")


async def looked(*, repair: bool = False) -> Taking:
    return await stocktaking.verify(repair=repair, progress=lambda done, total: None)


async def spoil(variant_id: UUID, change: str) -> None:
    async with writing(variant_id) as db:
        await db.execute(f"UPDATE stock SET {change} WHERE variant_id = $1", variant_id)


async def a_sold_variant() -> UUID:
    """9 on hand, 1 sold, 1 pinned for an order that nobody knows."""
    variant_id = await a_stocked_variant(10)
    for sell in (True, False):
        [verdict] = await operations.reserve(an_order(), [(variant_id, 1)])
        await operations.pin([verdict.pair])
        if sell:
            await operations.claim([verdict.pair])
    return variant_id


async def test_a_shop_in_order_has_nothing_to_tell() -> None:
    await a_sold_variant()
    await operations.limit("all is well", 3)
    await settle()

    taking = await looked()

    assert (taking.counts, taking.people) == ({}, [])
    assert taking.variants >= 2


@pytest.mark.parametrize(
    ("change", "what"),
    [("reserved = reserved + 1", "reserved"), ("sold = sold + 1", "sold"), ("band = 'out'", "band")],
)
async def test_what_follows_from_what_is_there_is_mended(change: str, what: str) -> None:
    variant_id = await a_sold_variant()
    await settle()
    before = await queries.stock_of(variant_id)
    await spoil(variant_id, change)

    found = await looked()
    mended = await looked(repair=True)
    await settle()

    assert found.counts[what] == mended.counts[what] == 1
    assert mended.people == []
    assert await queries.stock_of(variant_id) == before
    assert (await looked()).counts == {}


async def test_a_sale_that_the_ledger_lacks_is_entered() -> None:
    variant_id = await a_sold_variant()
    await settle()
    async with writing(variant_id) as db:
        await db.execute("DELETE FROM stock_ledger WHERE variant_id = $1 AND reason = 'sold'", variant_id)

    taking = await looked(repair=True)

    assert (taking.counts, taking.people) == ({"on hand": 1}, [])
    assert [(delta, reason) for delta, reason, _ in await ledger(variant_id)] == [(10, "opening"), (-1, "sold")]


async def test_units_nobody_can_explain_are_left_to_a_person_who_counts() -> None:
    variant_id = await a_sold_variant()
    await settle()
    await spoil(variant_id, "on_hand = on_hand + 5")

    taking = await looked(repair=True)
    assert [(each.what, each.says, each.but) for each in taking.people] == [("on hand", "14", "9 in the ledger")]
    assert (await queries.stock_of(variant_id)).on_hand == 14

    assert await operations.count(variant_id, 11, reference="ada") == -3
    assert (await looked()).counts == {}
    assert (await ledger(variant_id))[-1] == (2, "counted", "ada")


async def test_nobody_counts_less_than_is_reserved() -> None:
    variant_id = await a_sold_variant()

    with pytest.raises(operations.BelowReserved):
        await operations.count(variant_id, 0)
    with pytest.raises(operations.NoStockKept):
        await operations.count(new_id(1), 5)


@pytest.mark.parametrize("version", [1, 77])
async def test_pages_that_say_something_else_are_told_anew(version: int) -> None:
    variant_id = await a_stocked_variant(10)
    await settle()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE stock_band SET band = 'out', version = $2 WHERE variant_id = $1", variant_id, version)

    taking = await looked(repair=True)
    told = (await band_events(variant_id))[-1]
    await settle()

    assert (taking.counts, taking.people) == ({"pages": 1}, [])
    assert (told.band, told.version) == ("in", version + 1)
    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT band FROM stock_band WHERE variant_id = $1", variant_id) == "in"


async def test_an_overdue_hold_and_a_pin_without_an_order_are_let_go() -> None:
    late, pinned = await a_stocked_variant(1), await a_stocked_variant(1)
    await operations.reserve(an_order(), [(late, 1)])
    [verdict] = await operations.reserve(an_order(), [(pinned, 1)])
    await operations.pin([verdict.pair])
    for variant_id in (late, pinned):
        await expire(variant_id)
        async with writing(variant_id) as db:
            await db.execute(
                "UPDATE reservation SET expires_at = expires_at - interval '1 hour' WHERE variant_id = $1", variant_id
            )

    taking = await looked(repair=True)
    await settle()

    assert (taking.counts, taking.people) == ({"hold": 1, "pin": 1}, [])
    assert [(await queries.stock_of(each)).available for each in (late, pinned)] == [1, 1]
    assert (await looked()).counts == {}


async def test_stock_pinned_for_a_payment_that_nobody_makes_is_found_however_often_sweeps_look_at_it() -> None:
    unpaid, paying = await a_product(variants=[{"stock": 1}]), await a_product(variants=[{"stock": 1}])
    orders = []
    for product, says in ((unpaid, declined), (paying, to_page)):
        with provider(Scripted(says)):
            orders.append((await an_unpaid_order({product.variant_id: 1})).id)
    await settle()
    async with writing(orders[1]) as db:
        await db.execute("UPDATE payment_attempt SET until = until + interval '2 hours' WHERE order_id = $1", orders[1])
    for order_id in orders:
        await pass_time(order_id, 3600)
    for product in (unpaid, paying):
        async with writing(product.variant_id) as db:
            await db.execute("UPDATE reservation SET expires_at = clock_timestamp()")  # as `put_off` leaves them

    taking = await looked(repair=True)

    assert (taking.counts, [each.variant_id for each in taking.found]) == ({"pin": 1}, [unpaid.variant_id])
    assert [(await queries.stock_of(each.variant_id)).available for each in (unpaid, paying)] == [1, 0]
    assert (await looked()).counts == {}


async def test_stock_is_counted_by_sku() -> None:
    product = await a_product(variants=[{"stock": 20}])
    sku = product.variants[0].sku

    told = await stocktaking.count(sku, 25, "ada")

    assert (told["difference"], (await queries.stock_of(product.variant_id)).on_hand) == (5, 25)
    with pytest.raises(stocktaking.NoSuchSku):
        await stocktaking.count("NO-SUCH", 1, "")


def test_repairing_asks_and_where_nobody_can_be_asked_it_needs_yes() -> None:
    done = CliRunner().invoke(main, ["stock", "verify", "--repair"])

    assert done.exit_code != 0
    assert "--yes" in done.output + done.stderr

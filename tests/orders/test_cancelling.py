from __future__ import annotations

import asyncio
from uuid import UUID

import httpx
import pytest

from app.db.engines import writing
from app.inventory import operations as inventory
from app.orders import operations, queries
from app.orders.cancelling import NotToBeCancelled, TooLateToCancel
from app.orders.queries import State
from app.values import new_id
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, a_shopper
from tests.orders.books import consequences_of, history_of, lines_of, numbers_of, reservations_of, row_of
from tests.orders.test_shipping import ship, statuses
from tests.outboxes import settle
from tests.payments.money import a_captured_order, a_paid_order, attempt_of, refunds_of

pytestmark = pytest.mark.usefixtures("own_database")


async def an_order(units: int = 2) -> tuple[State, UUID]:
    """A paid order of these units of one of 20, and its variant."""
    variant_id = (await a_product()).variant_id
    return await a_paid_order(lines={variant_id: units}), variant_id


async def test_a_cancelled_order_gives_back_its_money_untaken_and_its_stock_with_an_entry() -> None:
    state, variant_id = await an_order()

    await operations.cancel_placed(state.id, "Out of clay")
    await operations.cancel_placed(state.id, "Out of clay")
    with provider(Scripted()):
        await settle()

    assert await statuses(state.id) == ("cancelled", "voided", "cancelled")
    assert await numbers_of(variant_id) == (20, 0, 2)
    assert (await history_of(state.id)).count("cancelled") == 1
    assert (await consequences_of(state.id)).count("SendCancelled") == 1
    assert [(line["cancelled"], line["refunded"]) for line in await lines_of(state.id)] == [(2, 2)]


async def test_it_is_refunded_when_its_money_was_taken() -> None:
    state = await a_captured_order()

    await operations.cancel_placed(state.id)
    with provider(Scripted()):
        await settle()

    assert await statuses(state.id) == ("cancelled", "refunded", "cancelled")
    assert [(refund.amount, refund.status) for refund in await refunds_of(state.id)] == [(state.total, "done")]
    assert (await consequences_of(state.id)).count("SendRefunded") == 1


@pytest.mark.parametrize("sold_first", [True, False])
async def test_the_stock_adds_up_whether_or_not_it_was_noted_as_sold_before(sold_first: bool) -> None:
    state, variant_id = await an_order(3)
    if sold_first:
        await inventory.claim(state.reservations)

    await operations.cancel_placed(state.id)
    with provider(Scripted()):
        await settle()

    assert await numbers_of(variant_id) == (20, 0, 3)
    assert await reservations_of(state.id, variant_id) == [1]


@pytest.mark.usefixtures("obliging")
async def test_an_order_of_which_something_was_sent_stays() -> None:
    state, _ = await an_order()
    [line] = await lines_of(state.id)
    await ship(state.id, {line["id"]: 1})

    with pytest.raises(NotToBeCancelled):
        await operations.cancel_placed(state.id)
    with pytest.raises(NotToBeCancelled):
        await operations.cancel_placed(new_id(3))


@pytest.mark.usefixtures("obliging")
async def test_sending_and_cancelling_at_once_ends_in_one_of_the_two() -> None:
    state, _ = await an_order(1)
    [line] = await lines_of(state.id)

    ends = await asyncio.gather(
        operations.cancel_placed(state.id), ship(state.id, {line["id"]: 1}), return_exceptions=True
    )

    assert len([end for end in ends if isinstance(end, Exception)]) == 1
    sent = isinstance(ends[0], Exception)
    assert (await row_of(state.id))["status"] == ("closed" if sent else "cancelled")
    goes_back = (await attempt_of(state.id)).voiding or bool(await refunds_of(state.id))
    assert goes_back is not sent


async def test_shoppers_cancel_their_own_order_and_only_soon() -> None:
    state, _ = await an_order()

    with pytest.raises(NotToBeCancelled):
        await operations.cancel_own(await a_shopper(), state.id)
    with knobs(cancel_seconds=0), pytest.raises(TooLateToCancel):
        await operations.cancel_own(state.shopper_id, state.id)
    await operations.cancel_own(state.shopper_id, state.id)

    row = await row_of(state.id)
    assert (row["status"], row["reason"]) == ("cancelled", "shopper")


async def test_nobody_without_the_orders_session_cancels_it(shop: httpx.AsyncClient) -> None:
    state, _ = await an_order()

    answer = await shop.post(f"/orders/{state.number}/cancel")

    assert answer.status_code == 404
    assert (await row_of(state.id))["status"] == "placed"


WAITING = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"


async def test_who_waited_for_an_order_sees_its_lines_as_they_are_after_the_wait() -> None:
    state, _ = await an_order(2)
    locked = asyncio.Event()

    async def second() -> State | None:
        await locked.wait()
        async with writing(state.id) as db:
            return await queries.read_state(db, state.id, lock=True)

    task = asyncio.create_task(second())
    async with writing(state.id) as db:
        await queries.read_state(db, state.id, lock=True)
        locked.set()
        while not await db.fetchval(WAITING):
            await asyncio.sleep(0.01)
        await db.execute("UPDATE order_line SET cancelled = 1, refunded = 1 WHERE order_id = $1", state.id)
    found = await task

    assert found and [line.cancelled for line in found.lines] == [1]

from __future__ import annotations

import asyncio
from uuid import UUID

import msgspec
import pytest

from app.cart import operations as cart
from app.cart.queries import cart_of
from app.catalog.queries import sellables
from app.db.engines import Busy, writing
from app.inventory.tables import CLAIMED, PINNED, RELEASED
from app.orders import operations, patience, promise
from app.orders.events import ClaimStock, ReleaseStock
from app.orders.operations import CartChanged
from app.orders.quotes import Quote, quote
from app.payments.gateway import Answer, Charge, Declined
from app.values import bucket_of, new_id
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_placing, a_product, a_shopper, an_order
from tests.orders.books import (
    attempts_of,
    cart_status,
    consequences_of,
    history_of,
    numbers_of,
    orders_from,
    pass_time,
    reservations_of,
    row_of,
    state_of,
)

pytestmark = pytest.mark.usefixtures("databases")
PAID = ["ClaimStock", "OrderChanged", "SendConfirmation"]


def declined(charge: Charge) -> Answer:
    return Declined(reason="The card was declined.")


async def test_a_paid_order_is_placed_and_everything_follows_once() -> None:
    product = await a_product()
    ask = await a_placing({product.variant_id: 2}, note="Ring twice")

    with knobs(payment_provider="instant"):
        promised = await operations.place(ask)

    order = await row_of(ask.order_id)
    assert (promised.fresh, order["status"], order["payment_status"], order["fulfilment_status"]) == (
        True,
        "placed",
        "authorised",
        "unfulfilled",
    )
    assert (order["subtotal"], order["shipping"], order["tax"], order["total"]) == (2800, 390, 532, 3190)
    assert order["note"] == "Ring twice"
    assert order["placed_at"] is not None
    assert await history_of(ask.order_id) == ["placing", "reserved", "placed"]
    assert await consequences_of(ask.order_id) == PAID
    assert await attempts_of(ask.order_id) == ["authorised"]
    assert await cart_status(ask.cart_id) == "completed"
    assert await numbers_of(product.variant_id) == (20, 2, 0)

    await jobs.claim_stock(ClaimStock(order_id=ask.order_id), new_id(0))
    await jobs.claim_stock(ClaimStock(order_id=ask.order_id), new_id(0))

    assert await numbers_of(product.variant_id) == (18, 0, 2)


async def test_placing_twice_is_one_order_in_a_row_and_at_once() -> None:
    ask = await a_placing({(await a_product()).variant_id: 1})

    with knobs(payment_provider="instant"):
        answers = await asyncio.gather(*(operations.place(ask) for _ in range(8)))
        again = await operations.place(ask)

    assert {each.state.id for each in [*answers, again]} == {ask.order_id}
    assert sum(each.fresh for each in answers) == 1
    assert not again.fresh
    assert await orders_from(ask.cart_id) == ["placed"]
    assert await consequences_of(ask.order_id) == PAID
    assert await attempts_of(ask.order_id) == ["authorised"]


async def test_two_tabs_with_the_same_cart_are_one_order() -> None:
    first = await a_placing({(await a_product()).variant_id: 1})
    second = _with_new_id(first)

    with knobs(payment_provider="instant"):
        one, other = await asyncio.gather(operations.place(first), operations.place(second))

    assert one.state.id == other.state.id
    assert await orders_from(first.cart_id) == ["placed"]


async def test_somebody_elses_checkout_id_gives_nothing_away() -> None:
    mine = await an_order()
    theirs = await a_placing({(await a_product()).variant_id: 1})
    stolen = msgspec.structs.replace(theirs, order_id=mine.id, cart_id=mine.cart_id)

    with pytest.raises(CartChanged):
        await operations.place(stolen)


async def test_a_cart_that_changed_meanwhile_is_not_ordered() -> None:
    product = await a_product()
    ask = await a_placing({product.variant_id: 1})
    await cart.add(ask.shopper_id, await cart.offer_of(product.variant_id), 1)

    with pytest.raises(CartChanged):
        await operations.place(ask)

    assert await orders_from(ask.cart_id) == []


async def test_of_many_buyers_for_one_unit_one_gets_it_and_the_others_keep_their_carts() -> None:
    product = await a_product(variants=[{"stock": 1, "band": "few"}])
    asks = [await a_placing({product.variant_id: 1}) for _ in range(12)]

    with knobs(payment_provider="instant"):
        answers = await asyncio.gather(*(operations.place(ask) for ask in asks))

    states = [answer.state for answer in answers]
    assert sorted(state.status for state in states) == ["placed"] + ["rejected"] * 11
    assert {state.reason for state in states if state.status == "rejected"} == {"sold_out"}
    assert await numbers_of(product.variant_id) == (1, 1, 0)
    assert sorted([await cart_status(ask.cart_id) for ask in asks]) == ["active"] * 11 + ["completed"]


async def test_when_one_line_is_sold_out_the_others_are_undone() -> None:
    there, gone = await a_product(), await a_product(variants=[{"stock": 0, "band": "few"}])
    ask = await a_placing({there.variant_id: 3, gone.variant_id: 1})

    state = (await operations.place(ask)).state
    for _ in range(2):
        await jobs.release_stock(ReleaseStock(order_id=ask.order_id), new_id(0))

    assert (state.status, state.reason) == ("rejected", "sold_out")
    assert await consequences_of(ask.order_id) == ["ReleaseStock"]
    assert await numbers_of(there.variant_id) == (20, 0, 0)
    assert await attempts_of(ask.order_id) == []
    assert await cart_status(ask.cart_id) == "active"


async def test_a_rejected_cart_can_be_ordered_again() -> None:
    product = await a_product(variants=[{"stock": 0, "band": "few"}])
    ask = await a_placing({product.variant_id: 1})
    await operations.place(ask)

    again = await operations.place(_with_new_id(ask))

    assert again.fresh
    assert await orders_from(ask.cart_id) == ["rejected", "rejected"]


async def test_a_declined_payment_keeps_the_stock_and_can_be_tried_again() -> None:
    product = await a_product()
    with provider(Scripted(declined)):
        state = await an_order({product.variant_id: 1})
    before = (await row_of(state.id))["payment_status"], await reservations_of(state.id, product.variant_id)

    with provider(Scripted()) as paid:
        after = await operations.pay_again(state.id)

    assert before == ("failed", [PINNED])
    assert after is not None
    assert after.status == "placed"
    assert len(paid.charges) == 1
    assert await attempts_of(state.id) == ["declined", "authorised"]
    assert await history_of(state.id) == ["placing", "reserved", "declined", "retried", "placed"]


async def test_trying_again_many_times_at_once_asks_the_provider_once() -> None:
    with provider(Scripted(declined)):
        state = await an_order()

    with provider(Scripted()) as paid:
        await asyncio.gather(*(operations.pay_again(state.id) for _ in range(6)))

    assert len(paid.charges) == 1
    assert await attempts_of(state.id) == ["declined", "authorised"]


async def test_an_unpaid_order_is_cancelled_in_the_end_and_its_stock_is_free() -> None:
    product = await a_product()
    with provider(Scripted(declined)):
        state = await an_order({product.variant_id: 1})
    await pass_time(state.id, 700)

    await operations.sweep_orders(bucket_of(state.id))
    await jobs.release_stock(ReleaseStock(order_id=state.id), new_id(0))

    row = await row_of(state.id)
    assert (row["status"], row["reason"], row["payment_status"], row["fulfilment_status"]) == (
        "cancelled",
        "unpaid",
        "failed",
        "cancelled",
    )
    assert await reservations_of(state.id, product.variant_id) == [RELEASED]
    assert await consequences_of(state.id) == ["OrderChanged", "OrderChanged", "ReleaseStock"]
    assert await cart_status(state.cart_id) == "active"


async def test_an_order_that_died_after_any_step_is_swept_on_to_its_end() -> None:
    product = await a_product()
    died = await promise.promise(await a_placing({product.variant_id: 1}))
    await pass_time(died.state.id, 60)

    with knobs(payment_provider="instant"):
        await operations.sweep_orders(bucket_of(died.state.id))

    assert (await state_of(died.state.id)).status == "placed"
    assert await consequences_of(died.state.id) == PAID


async def test_stock_pinned_for_a_dead_order_is_released_and_for_a_paid_one_claimed() -> None:
    product = await a_product()
    with knobs(payment_provider="instant"):
        paid = await an_order({product.variant_id: 1})
    with provider(Scripted(declined)):
        dead = await an_order({product.variant_id: 1})
    await operations.give_up(dead.id, "unpaid")
    await _repin(dead.id, product.variant_id)
    await _age_holds(product.variant_id)

    await operations.sweep_pinned(bucket_of(product.variant_id))

    assert await reservations_of(paid.id, product.variant_id) == [CLAIMED]
    assert await reservations_of(dead.id, product.variant_id) == [RELEASED]
    assert await numbers_of(product.variant_id) == (19, 0, 1)


async def test_a_newer_order_from_the_same_cart_replaces_the_unpaid_one_and_gets_its_stock() -> None:
    product = await a_product(variants=[{"stock": 1, "band": "few"}])
    shopper_id = await a_shopper()
    with provider(Scripted(declined)):
        first = await an_order({product.variant_id: 1}, shopper_id=shopper_id)
    changed = await a_placing({(await a_product()).variant_id: 1}, shopper_id)

    with provider(Scripted()):
        second = await operations.place(msgspec.structs.replace(changed, quote=await _quote_of(changed.shopper_id)))

    assert second.state.status == "placed"
    assert (await row_of(first.id))["reason"] == "replaced"
    assert await reservations_of(first.id, product.variant_id) == [RELEASED]


async def test_a_commit_nobody_confirmed_is_looked_up_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = await a_placing({(await a_product()).variant_id: 1})

    async def cut_off(asked: promise.Placing) -> promise.Promised:
        await promise.promise(asked)
        raise ConnectionResetError("somewhere around COMMIT")

    monkeypatch.setattr(operations, "promise", cut_off)
    with knobs(payment_provider="instant"):
        promised = await operations.place(ask)

    assert promised.state.status == "placed"
    assert await orders_from(ask.cart_id) == ["placed"]


async def test_a_lost_connection_that_wrote_nothing_is_busy_not_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = await a_placing({(await a_product()).variant_id: 1})

    async def cut_off(asked: promise.Placing) -> promise.Promised:
        raise ConnectionResetError("before COMMIT")

    monkeypatch.setattr(operations, "promise", cut_off)
    with pytest.raises(Busy):
        await operations.place(ask)

    assert await orders_from(ask.cart_id) == []


async def test_a_slow_provider_does_not_hold_the_shopper_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    slow = Scripted()
    start = slow.start

    async def later(charge: Charge) -> Answer:
        await asyncio.sleep(0.3)
        return await start(charge)

    slow.start = later  # type: ignore[method-assign]
    with provider(slow):
        state = await an_order()
        await asyncio.gather(*patience._going_on)

    assert state.status == "placing"
    assert (await state_of(state.id)).status == "placed"


async def _quote_of(shopper_id: UUID) -> Quote:
    """What the whole cart costs."""
    found = await cart_of(shopper_id)
    assert found is not None
    offers = await sellables([item.variant_id for item in found.items])
    return quote([(offers[i.variant_id], i.quantity) for i in found.items], ("standard", "Standard", 390), "GBP")


def _with_new_id(ask: operations.Placing) -> operations.Placing:
    return msgspec.structs.replace(ask, order_id=new_id(bucket_of(ask.shopper_id)))


async def _repin(order_id: UUID, variant_id: UUID) -> None:
    """As if a paused process had pinned it after everything was over."""
    async with writing(variant_id) as db:
        await db.execute("UPDATE reservation SET state = 3 WHERE order_id = $1", order_id)
        await db.execute("UPDATE stock SET reserved = reserved + 1 WHERE variant_id = $1", variant_id)


async def _age_holds(variant_id: UUID) -> None:
    async with writing(variant_id) as db:
        await db.execute(
            "UPDATE reservation SET expires_at = now() - interval '1 hour' WHERE variant_id = $1", variant_id
        )

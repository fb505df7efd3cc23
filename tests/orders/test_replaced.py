"""One cart, one order: an order that another one replaces is never paid, wherever it had got to."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from app.cart import operations as cart
from app.cart.clearing import NotThereYet
from app.cart.queries import cart_of, read_cart
from app.db.engines import EVERYONE, reading, writing
from app.db.outbox import read_event
from app.inventory import operations as inventory
from app.inventory.tables import HELD, PINNED, RELEASED
from app.orders import operations, patience, promise
from app.orders.drive import drive
from app.orders.events import ClearHeir
from app.orders.promise import Placing
from app.orders.replacing import give_up
from app.orders.state import State
from app.payments import operations as payments
from app.payments import testprovider
from app.payments.gateway import Answer, Authorised, Charge, Closed
from app.payments.testprovider import TestProvider
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_placing, a_product, a_shopper, an_order
from tests.orders.books import (
    attempts_of,
    consequences_of,
    orders_from,
    pass_time,
    reservations_of,
    row_of,
    state_of,
    to_page,
)

pytestmark = pytest.mark.usefixtures("databases")


class PaidMeanwhile(TestProvider):
    """Its shopper pays just after the books were read for the first time."""

    async def look_up(self, charge: Charge) -> Answer:
        answer = await super().look_up(charge)
        async with writing(EVERYONE) as db:
            id = await db.fetchval("SELECT id FROM test_payment WHERE attempt_id = $1", charge.attempt_id)
        await testprovider.book(id, "authorised")
        return answer


async def test_an_order_that_died_being_placed_is_rejected_by_the_next_and_never_driven_on() -> None:
    product = await a_product(variants=[{"stock": 3, "band": "few"}])
    shopper_id = await a_shopper()
    died = (await promise.promise(await a_placing({product.variant_id: 1}, shopper_id))).state
    await inventory.reserve(died.id, [(product.variant_id, 1)])
    changed = await a_placing({product.variant_id: 3}, shopper_id)

    with provider(Scripted()) as asked:
        placed = (await operations.place(changed)).state
        await pass_time(died.id, 60)
        await drive(died.id)

    row = await row_of(died.id)
    assert (row["status"], row["reason"], placed.status) == ("rejected", "replaced", "placed")
    assert sorted(await orders_from(died.cart_id)) == ["placed", "rejected"]
    assert len(asked.charges) == 1
    assert await reservations_of(died.id, product.variant_id) == [RELEASED]
    assert await consequences_of(died.id) == ["ReleaseStock"]


async def an_unpaid_order_and_another_cart() -> tuple[State, Placing]:
    """The last unit is put aside for an order at the payment page, and its shopper is about to place another of that unit and more."""
    product, other = await a_product(variants=[{"stock": 1, "band": "few"}]), await a_product()
    shopper_id = await a_shopper()
    with provider(Scripted(to_page)):
        first = (await operations.place(await a_placing({product.variant_id: 1}, shopper_id))).state
    return first, await a_placing({other.variant_id: 1}, shopper_id)


async def test_an_order_stays_while_the_one_that_would_replace_it_has_not_come_about() -> None:
    first, ask = await an_unpaid_order_and_another_cart()
    await cart.add(ask.shopper_id, await cart.offer_of(ask.quote.lines[0].variant_id), 1)  # in another tab

    with provider(Scripted(then=Closed())) as asked, pytest.raises(promise.CartChanged):
        await operations.place(ask)

    assert asked.asked == []
    assert (await state_of(first.id)).status == "awaiting_payment"
    assert await reservations_of(first.id, first.lines[0].variant_id) == [PINNED]


@pytest.mark.parametrize("first_swept", ["earlier", "later"])
async def test_two_orders_of_a_cart_whose_process_died_between_them_end_as_the_later_one(first_swept: str) -> None:
    first, ask = await an_unpaid_order_and_another_cart()
    later = (await promise.promise(ask)).state  # and here the process ends

    with provider(Scripted(then=Closed())):
        for each in (first, later) if first_swept == "earlier" else (later, first):
            await drive(each.id)

    assert (await state_of(first.id)).status == "cancelled"
    assert (await state_of(later.id)).status == "placed"


async def test_an_order_being_placed_is_not_driven_on_once_there_is_a_later_one_of_its_cart() -> None:
    product, shopper_id = await a_product(), await a_shopper()
    died = (await promise.promise(await a_placing({product.variant_id: 1}, shopper_id))).state
    later = (await promise.promise(await a_placing({product.variant_id: 3}, shopper_id))).state

    with provider(Scripted()) as asked:
        await drive(died.id)
        await drive(later.id)

    assert (await row_of(died.id))["reason"] == "replaced"
    assert (await state_of(later.id)).status == "placed"
    assert asked.asked == ["start"]


async def test_a_provider_that_is_slow_to_end_the_replaced_order_holds_no_shopper_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, ask = await an_unpaid_order_and_another_cart()
    slow, answered = Scripted(), asyncio.Event()

    async def look_up(charge: Charge) -> Answer:
        await answered.wait()
        return Closed()

    slow.look_up = look_up  # type: ignore[method-assign]
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    with provider(slow):
        shown = (await operations.place(ask)).state
        answered.set()
        await asyncio.gather(*patience._going_on)

    assert shown.status == "placing"
    assert (await state_of(first.id)).status == "cancelled"
    assert (await state_of(ask.order_id)).status == "placed"


async def test_a_driver_that_comes_too_late_for_a_replaced_order_holds_nothing() -> None:
    product = await a_product()
    paused = (await promise.promise(await a_placing({product.variant_id: 1}))).state
    await give_up(paused.id, "replaced")

    with provider(Scripted()) as asked:
        await drive(paused.id, paused)

    assert asked.asked == []
    assert (await row_of(paused.id))["reason"] == "replaced"
    assert HELD not in await reservations_of(paused.id, product.variant_id)


async def test_giving_up_and_driving_at_once_end_in_one_of_both() -> None:
    product = await a_product()
    state = (await promise.promise(await a_placing({product.variant_id: 1}))).state

    with knobs(payment_provider="test"):
        await asyncio.gather(drive(state.id, state), give_up(state.id, "replaced"))
        await give_up(state.id, "replaced")

    assert (await state_of(state.id)).status in ("rejected", "cancelled")
    assert await reservations_of(state.id, product.variant_id) in ([], [RELEASED])


async def test_a_shopper_who_pays_while_the_order_is_given_up_has_paid() -> None:
    state = await an_order()
    assert state.attempt is not None

    with provider(PaidMeanwhile()):  # type: ignore[arg-type]
        await give_up(state.id, "replaced")

    assert await attempts_of(state.id) == ["authorised"]
    assert (await state_of(state.id)).status == "placed"
    assert type(await payments.look_up(state.attempt)).__name__ == "Authorised"


async def test_an_unpaid_order_of_a_guest_who_signs_in_is_replaced_by_the_next_from_the_cart_it_came_into() -> None:
    product, guest_id, shopper_id = await a_product(), await a_shopper(), await a_shopper()
    before = (await promise.promise(await a_placing({product.variant_id: 1}, guest_id))).state

    await cart.take_over(shopper_id, await cart.hand_over(guest_id, shopper_id))
    async with reading(shopper_id) as db:
        joined = await read_cart(db, shopper_id)

    assert joined is not None
    assert joined.order_id == before.id


async def test_what_a_guest_pays_for_after_signing_in_is_out_of_the_accounts_cart() -> None:
    bought, kept, guest_id, shopper_id = await a_product(), await a_product(), await a_shopper(), await a_shopper()
    with provider(Scripted(to_page)):
        order = (await operations.place(await a_placing({bought.variant_id: 2}, guest_id))).state
    await cart.add(shopper_id, await cart.offer_of(kept.variant_id), 1)
    await cart.add(shopper_id, await cart.offer_of(bought.variant_id), 3)

    handed = await cart.hand_over(guest_id, shopper_id)
    [event] = await pay(order)  # before the cart has come in
    with pytest.raises(NotThereYet):
        await jobs.clear_heir(event, order.id)
    await cart.take_over(shopper_id, handed)
    for _ in range(2):  # twice is once
        await jobs.clear_heir(event, order.id)

    assert (await state_of(order.id)).status == "placed"
    assert await units_of(shopper_id) == {kept.variant_id: 1, bought.variant_id: 1}


async def test_what_is_put_in_a_later_cart_is_not_what_a_guest_has_paid_for() -> None:
    product, guest_id, shopper_id = await a_product(), await a_shopper(), await a_shopper()
    with provider(Scripted(to_page)):
        order = (await operations.place(await a_placing({product.variant_id: 1}, guest_id))).state
    await cart.take_over(shopper_id, await cart.hand_over(guest_id, shopper_id))
    async with writing(shopper_id) as db:
        await db.execute("UPDATE cart SET status = 'completed' WHERE shopper_id = $1", shopper_id)
    await cart.add(shopper_id, await cart.offer_of(product.variant_id), 1)

    [event] = await pay(order)
    await jobs.clear_heir(event, order.id)

    assert await units_of(shopper_id) == {product.variant_id: 1}


async def pay(order: State) -> list[ClearHeir]:
    """The provider says that it is paid. Returns what follows for others' carts."""
    assert order.attempt is not None
    with provider(Scripted(then=Authorised(reference="r", amount=order.total, currency=order.currency))):
        await operations.look(order.attempt)
    async with reading(order.id) as db:
        sql = "SELECT body FROM outbox WHERE kind = 'ClearHeir' AND body->>'order_id' = $1"
        return [read_event(ClearHeir, row["body"]) for row in await db.fetch(sql, str(order.id))]


async def units_of(shopper_id: UUID) -> dict[UUID, int]:
    found = await cart_of(shopper_id)
    return dict(found.lines) if found else {}

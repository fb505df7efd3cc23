"""Who orders once more pays once: the earlier order is over before the later one asks for money, or the later one is not to be."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.inventory.tables import PINNED, RELEASED
from app.orders import operations, promise, queries
from app.orders.drive import drive
from app.orders.promise import Placing
from app.orders.state import State
from app.payments.gateway import Authorised, Closed, Redirect, Unknown
from app.values import now
from tests.knobs import Scripted, provider
from tests.makers import a_placing, a_product, a_shopper
from tests.orders.books import (
    attempts_of,
    history_of,
    numbers_of,
    pass_time,
    reservations_of,
    row_of,
    state_of,
    to_page,
)
from tests.orders.test_replaced import PaidMeanwhile, units_of

pytestmark = pytest.mark.usefixtures("databases")


async def a_product_of(units: int) -> UUID:
    return (await a_product(variants=[{"stock": units, "band": "few"}])).variant_id


async def an_unpaid_order(lamp: UUID, shopper_id: UUID) -> State:
    """At the provider's page, which says no more than that."""
    with provider(Scripted(to_page)):
        return (await operations.place(await a_placing({lamp: 1}, shopper_id))).state


async def a_lamp_and_more(*, mugs: int = 5) -> tuple[State, Placing, UUID]:
    """An unpaid order of the last lamp, and the next press of its shopper's button, of a mug too."""
    lamp, mug, shopper_id = await a_product_of(1), await a_product_of(mugs), await a_shopper()
    first = await an_unpaid_order(lamp, shopper_id)
    return first, await a_placing({lamp: 1, mug: 1}, shopper_id), lamp


def paid(state: State) -> Authorised:
    return Authorised(reference="theirs", amount=state.total, currency=state.currency)


async def test_who_pays_the_first_order_while_placing_the_next_gets_everything_once() -> None:
    lamp, mug, shopper_id = await a_product_of(5), await a_product_of(5), await a_shopper()
    first = (await operations.place(await a_placing({lamp: 1}, shopper_id))).state
    ask = await a_placing({lamp: 1, mug: 1}, shopper_id)

    with provider(PaidMeanwhile()):  # type: ignore[arg-type]
        second = (await operations.place(ask)).state

    view = await queries.order_of(shopper_id, second.number)
    assert (await state_of(first.id)).status == "placed"
    assert (second.status, second.reason, await attempts_of(second.id)) == ("rejected", "paid_before", [])
    assert await units_of(shopper_id) == {lamp: 1, mug: 1}, "two lamps were in it"
    assert (await numbers_of(lamp))[1:] == (1, 0)
    assert view and view.earlier == first.number and first.number in view.events[-1].words
    assert view.headline == "You have paid for your earlier order"


async def test_a_payment_heard_of_while_nobody_drove_the_next_order_ends_that_too() -> None:
    first, ask, lamp = await a_lamp_and_more()
    later = (await promise.promise(ask)).state  # and here the process ends
    assert first.attempt
    with provider(Scripted(then=paid(first))) as asked:
        await operations.look(first.attempt)
        await drive(later.id)

    assert (await row_of(later.id))["reason"] == "paid_before"
    assert asked.asked == ["look_up"]
    assert await reservations_of(later.id, lamp) == []


async def test_a_next_order_that_is_sold_out_leaves_the_first_as_it_was() -> None:
    first, ask, lamp = await a_lamp_and_more(mugs=0)

    with provider(Scripted(then=Closed())) as asked:
        second = (await operations.place(ask)).state

    assert (second.status, second.reason) == ("rejected", "sold_out")
    assert asked.asked == []
    assert (await state_of(first.id)).status == "awaiting_payment"
    assert await reservations_of(first.id, lamp) == [PINNED]


async def test_more_of_the_same_than_there_is_leaves_the_first_as_it_was_and_is_told() -> None:
    lamp, shopper_id = await a_product_of(2), await a_shopper()
    first = await an_unpaid_order(lamp, shopper_id)

    with provider(Scripted(then=Closed())) as asked:
        second = (await operations.place(await a_placing({lamp: 3}, shopper_id))).state

    view = await queries.order_of(shopper_id, second.number)
    assert view and "only 2 are left, you asked for 3" in view.events[-1].words
    assert asked.asked == []
    assert await reservations_of(first.id, lamp) == [PINNED]


async def test_what_the_first_order_holds_is_the_next_ones() -> None:
    lamp, shopper_id = await a_product_of(3), await a_shopper()
    first = await an_unpaid_order(lamp, shopper_id)

    with provider(Scripted(then=Closed())):
        second = (await operations.place(await a_placing({lamp: 3}, shopper_id))).state

    assert second.status == "placed"
    assert await reservations_of(first.id, lamp) == [RELEASED]


async def test_an_order_whose_end_nobody_knows_keeps_the_next_one_waiting_in_true_words() -> None:
    first, ask, _ = await a_lamp_and_more()
    with provider(Scripted(then=Unknown(), void=Unknown())) as silent:
        waits = (await operations.place(ask)).state
        await drive(waits.id)
    view = await queries.order_of(ask.shopper_id, waits.number)
    with provider(Scripted(then=Closed())) as asked:
        await drive(waits.id)

    assert (waits.status, silent.charges) == ("placing", [])
    assert view and view.headline == "We are ending your earlier order first" and view.refresh
    assert view.earlier == first.number
    assert (await history_of(waits.id)).count("ending_earlier") == 1
    assert (await state_of(waits.id)).status == "placed"
    assert len(asked.charges) == 1
    assert (await state_of(first.id)).status == "cancelled"


async def test_who_waited_too_long_for_it_reads_so_and_nobody_was_asked_for_money() -> None:
    first, ask, lamp = await a_lamp_and_more()
    with provider(Scripted(then=Redirect(url="/p", until=now(), reference="r"), void=Unknown())) as asked:
        waits = (await operations.place(ask)).state
        await pass_time(waits.id, 700)
        await drive(waits.id)

    view = await queries.order_of(ask.shopper_id, waits.number)
    assert view and view.headline == "Your earlier order could not be ended" and not view.refresh
    assert (await row_of(waits.id))["reason"] == "not_ended"
    assert asked.charges == []
    assert await reservations_of(first.id, lamp) == [PINNED]


async def test_a_process_that_ends_after_the_promise_has_not_forgotten_a_guests_order() -> None:
    lamp, guest_id, shopper_id = await a_product_of(1), await a_shopper(), await a_shopper()
    first = await an_unpaid_order(lamp, guest_id)
    ask = await a_placing({lamp: 1}, shopper_id, replaces=first.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "drive", _dies)
        with pytest.raises(SystemError):
            await operations.place(ask)

    with provider(Scripted(then=Closed())):
        await drive(ask.order_id)

    assert (await state_of(first.id)).status == "cancelled"
    assert (await state_of(ask.order_id)).status == "placed"


async def _dies(*_: object) -> None:
    raise SystemError


async def test_a_guests_order_that_was_paid_before_keeps_nobody_from_ordering() -> None:
    lamp, guest_id, shopper_id = await a_product_of(2), await a_shopper(), await a_shopper()
    with provider(Scripted()):
        first = (await operations.place(await a_placing({lamp: 1}, guest_id))).state
        second = (await operations.place(await a_placing({lamp: 1}, shopper_id, replaces=first.id))).state

    assert (first.status, second.status) == ("placed", "placed")

"""Money that comes too late, or that is another amount than was asked for: nothing is lost, and staff read of it."""

from __future__ import annotations

import pytest

from app.inventory.tables import PINNED
from app.orders import operations
from app.orders.drive import drive, look
from app.orders.queries import State, order_to_mail
from app.payments.gateway import Authorised, Closed, Declined
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, an_order
from tests.orders.books import (
    at_the_page,
    attempts_of,
    consequences_of,
    history_of,
    numbers_of,
    pass_time,
    reservations_of,
    row_of,
    state_of,
)
from tests.payments.money import attempt_of, notes_of, scripted, work

pytestmark = pytest.mark.usefixtures("databases")


def paid(state: State, amount: int = 0) -> Authorised:
    return Authorised(reference="theirs", amount=amount or state.total, currency=state.currency)


async def test_money_for_an_order_that_is_over_goes_back_and_staff_read_of_it() -> None:
    product = await a_product()
    state, attempt = await at_the_page(product.variant_id)
    await pass_time(state.id, 1900)
    with provider(Scripted(then=Closed())):
        await drive(state.id)
    assert (await row_of(state.id))["status"] == "cancelled"

    with provider(Scripted(then=paid(state))) as asked:
        await look(attempt)
        await look(attempt, "test:late")
        await work(state.id)

    assert asked.asked.count("cancel") == 1
    assert await attempts_of(state.id) == ["voided"]
    assert await notes_of(state.id, "payment_late") == ["17.90 GBP"]
    assert (await row_of(state.id))["status"] == "cancelled"
    assert (await numbers_of(product.variant_id))[2] == 0


async def test_money_for_an_attempt_that_another_one_followed_goes_back_alone() -> None:
    state, first = await at_the_page()
    with provider(Scripted(then=Declined(reason="No."))):
        await look(first)
    with provider(Scripted()):
        await operations.pay_again(state.id)

    with provider(Scripted(then=paid(state))):
        await look(first)
        await work(state.id)

    assert await attempts_of(state.id) == ["voided", "authorised"]
    assert (await state_of(state.id)).status == "placed"
    assert (await row_of(state.id))["payment_status"] == "authorised"


async def test_late_money_that_was_taken_already_is_refunded() -> None:
    from app.payments.gateway import Captured

    state, attempt = await at_the_page()
    await pass_time(state.id, 1900)
    with provider(Scripted(then=Closed())):
        await drive(state.id)

    with provider(scripted(then=paid(state), cancels=Captured(amount=state.total))) as asked:
        await look(attempt)
        await work(state.id)
        await work(state.id)

    assert asked.asked == ["look_up", "cancel", "refund"]
    assert (await attempt_of(state.id)).refunded == state.total
    assert (await row_of(state.id))["payment_status"] == "refunded"


async def test_money_of_another_amount_freezes_the_order_until_the_books_agree() -> None:
    product = await a_product()
    state, attempt = await at_the_page(product.variant_id)

    with provider(Scripted(then=paid(state, state.total + 1))) as asked:
        await look(attempt)
        await look(attempt)
        await pass_time(state.id, 4000)
        await drive(state.id)
    frozen = await attempt_of(state.id)
    with provider(Scripted(then=paid(state))):
        await look(attempt)

    assert asked.asked == ["look_up", "look_up"], "nothing is done by itself with a payment that is frozen"
    assert frozen.status == "unknown"
    assert frozen.frozen == "17.90 GBP was asked for, 17.91 GBP was booked."
    assert await reservations_of(state.id, product.variant_id) == [PINNED]
    assert (await history_of(state.id)).count("payment_frozen") == 1
    assert (await attempt_of(state.id)).frozen == ""
    assert (await state_of(state.id)).status == "placed"


async def test_a_frozen_order_ends_when_the_books_say_that_nothing_was_taken() -> None:
    state, attempt = await at_the_page()
    with provider(Scripted(then=paid(state, 1))):
        await look(attempt)

    with provider(Scripted(then=Closed())):
        await look(attempt)

    assert (await row_of(state.id))["status"] == "cancelled"


async def test_shoppers_do_not_read_what_is_meant_for_staff() -> None:
    state, attempt = await at_the_page()
    with provider(Scripted(then=paid(state, 1))):
        await look(attempt)

    told = await order_to_mail(state.id)

    assert told is not None
    assert not [step for step in told.events if "frozen" in step.words or "booked" in step.words]
    assert "OrderChanged" in await consequences_of(state.id)


async def test_an_order_cancelled_after_payment_gives_the_money_back() -> None:
    from app.db.engines import writing
    from app.orders import queries, steps

    with provider(Scripted()), knobs(capture="fulfilled"):
        state = await an_order()

    async with writing(state.id) as db:
        current = await queries.read_state(db, state.id, lock=True)
        assert current is not None
        assert await steps.move(db, current, steps.Turn(to="cancelled", kind="cancelled", reason="staff"))
    with provider(Scripted()):
        await work(state.id)

    assert await attempts_of(state.id) == ["voided"]
    assert (await row_of(state.id))["payment_status"] == "voided"

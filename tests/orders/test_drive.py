from __future__ import annotations

import asyncio

import pytest

from app.db.engines import reading, writing
from app.inventory import operations as inventory
from app.inventory.tables import HELD, PINNED, RELEASED
from app.orders import operations, promise, steps
from app.orders.drive import drive, look
from app.orders.events import ReleaseStock
from app.orders.queries import State
from app.payments.gateway import Answer, Authorised, Charge, Closed, Declined, Unknown
from app.payments.queries import Attempt
from app.values import bucket_of, new_id
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider, yes
from tests.makers import a_placing, a_product, an_order
from tests.orders.books import (
    at_the_page,
    attempts_of,
    cart_status,
    consequences_of,
    history_of,
    numbers_of,
    pass_time,
    reservations_of,
    row_of,
    state_of,
    to_page,
)

pytestmark = pytest.mark.usefixtures("databases")


def silent(charge: Charge) -> Answer:
    return Unknown(why="no answer")


def paid(state: State) -> Authorised:
    return Authorised(reference="theirs", amount=state.total, currency=state.currency)


async def test_a_redirect_leads_to_the_providers_page_with_the_stock_pinned() -> None:
    product = await a_product()

    with provider(Scripted(to_page)):
        state = await an_order({product.variant_id: 1})

    assert state.way_on == "/their/page"
    assert (await row_of(state.id))["payment_status"] == "pending"
    assert await attempts_of(state.id) == ["requires_action"]
    assert await reservations_of(state.id, product.variant_id) == [PINNED]
    assert await cart_status(state.cart_id) == "active"


async def test_the_intent_is_committed_before_the_provider_is_asked() -> None:
    seen: list[str] = []

    class Watching(Scripted):
        async def start(self, charge: Charge) -> Answer:
            async with reading(charge.attempt_id) as db:  # inside a transaction this would raise CrossShard
                seen.append(await db.fetchval("SELECT status FROM payment_attempt WHERE id = $1", charge.attempt_id))
            return yes(charge)

    with provider(Watching()):
        state = await an_order()

    assert seen == ["sending"]
    assert state.status == "placed"


async def test_return_webhook_and_sweep_at_once_settle_once() -> None:
    state, attempt = await at_the_page()

    with provider(Scripted(then=paid(state))):
        await asyncio.gather(*(look(attempt, f"test:{attempt.id}-{at}" if at % 2 else "") for at in range(8)))

    assert (await state_of(state.id)).status == "placed"
    assert await history_of(state.id) == ["placing", "reserved", "requires_action", "placed"]
    assert await consequences_of(state.id) == ["ClaimStock", "OrderChanged", "OrderChanged", "SendConfirmation"]


async def test_a_message_is_acted_on_once() -> None:
    state, attempt = await at_the_page()
    with provider(Scripted(then=Unknown())):
        heard = await look(attempt, f"test:{attempt.id}")
    with provider(Scripted(then=Declined(reason="No."))):
        await look(attempt, f"test:{attempt.id}")

    with provider(Scripted(then=paid(state))):
        await look(attempt, f"test:{attempt.id}")

    assert not heard, "a message that could not be looked up is told again"
    assert await attempts_of(state.id) == ["declined"]


async def test_an_attempt_that_is_over_stays_over() -> None:
    state, attempt = await at_the_page()
    with provider(Scripted(then=Declined(reason="No."))):
        await look(attempt)

    with provider(Scripted(then=paid(state))):
        await look(attempt)

    assert await attempts_of(state.id) == ["declined"]
    assert (await state_of(state.id)).status == "awaiting_payment"


@pytest.mark.parametrize(("amount", "currency"), [(1, "GBP"), (0, "EUR")])
async def test_money_of_another_amount_is_not_a_payment(amount: int, currency: str) -> None:
    state, attempt = await at_the_page()
    wrong = Authorised(reference="theirs", amount=state.total + amount, currency=currency)

    with provider(Scripted(then=wrong)):
        await look(attempt)

    assert await attempts_of(state.id) == ["unknown"]
    assert (await state_of(state.id)).status == "awaiting_payment"


async def test_an_unanswered_question_is_asked_again_under_the_same_key() -> None:
    with provider(Scripted(silent)):
        state = await an_order()
    at_first = await attempts_of(state.id)
    with provider(Scripted()) as too_early:
        await drive(state.id)
    await pass_time(state.id, 60)

    with provider(Scripted()) as asked:
        await drive(state.id)

    assert at_first == ["unknown"]
    assert too_early.asked == []
    assert [charge.attempt_id for charge in asked.charges] == [state.attempt and state.attempt.id]
    assert await attempts_of(state.id) == ["authorised"]
    assert (await state_of(state.id)).status == "placed"


async def test_a_crash_between_intent_and_answer_is_asked_again_under_the_same_key() -> None:
    state, attempt = await _crashed_while_sending()

    with provider(Scripted()) as asked:
        await drive(state.id)

    assert [charge.attempt_id for charge in asked.charges] == [attempt.id]
    assert await attempts_of(state.id) == ["authorised"]


async def test_side_by_side_only_one_driver_talks_to_the_provider() -> None:
    state, _ = await _crashed_while_sending()

    with provider(Scripted()) as asked:
        await asyncio.gather(*(drive(state.id) for _ in range(6)))

    assert len(asked.charges) == 1


async def test_a_provider_that_never_answers_is_asked_to_void_in_the_end() -> None:
    product = await a_product()
    with provider(Scripted(silent)):
        state = await an_order({product.variant_id: 1})
    await pass_time(state.id, 1900)

    with provider(Scripted(then=Unknown(), void=Closed())) as asked:
        await drive(state.id)
    await jobs.release_stock(ReleaseStock(order_id=state.id), new_id(0))

    assert asked.asked == ["look_up", "void"]
    assert await attempts_of(state.id) == ["expired"]
    assert (await row_of(state.id))["status"] == "cancelled"
    assert await reservations_of(state.id, product.variant_id) == [RELEASED]


async def test_while_even_the_void_is_unanswered_the_stock_stays_pinned_and_staff_are_told_once() -> None:
    product = await a_product()
    with provider(Scripted(to_page)):
        state = await an_order({product.variant_id: 1})
    await pass_time(state.id, 1900)

    with provider(Scripted(then=Unknown(), void=Unknown())) as asked:
        await drive(state.id)
        await pass_time(state.id, 60)
        await drive(state.id)

    assert asked.asked == ["look_up", "void"] * 2
    assert await attempts_of(state.id) == ["unknown"]
    assert (await history_of(state.id)).count("payment_unclear") == 1
    assert await reservations_of(state.id, product.variant_id) == [PINNED]


async def test_a_payment_page_that_closed_was_paid_after_all_when_the_books_say_so() -> None:
    state, _ = await at_the_page()
    await pass_time(state.id, 1900)

    with provider(Scripted(then=paid(state))) as asked:
        await drive(state.id)

    assert asked.asked == ["look_up"]
    assert (await state_of(state.id)).status == "placed"


async def test_a_payment_page_nobody_used_ends_the_order() -> None:
    state, _ = await at_the_page()
    await pass_time(state.id, 1900)

    with provider(Scripted(then=Closed())):
        await operations.sweep_orders(bucket_of(state.id))

    assert await attempts_of(state.id) == ["expired"]
    assert (await row_of(state.id))["reason"] == "unpaid"
    assert "ReleaseStock" in await consequences_of(state.id)
    assert await cart_status(state.cart_id) == "active"


async def test_while_the_payment_page_is_open_the_stock_stays_pinned_however_long_a_hold_lasts() -> None:
    product = await a_product()
    with provider(Scripted(to_page)):
        state = await an_order({product.variant_id: 1})
    seen = []

    for later, books in ((700, Unknown()), (1000, Unknown()), (150, Closed())):
        await pass_time(state.id, later)
        async with writing(product.variant_id) as db:
            await db.execute(
                "UPDATE reservation SET expires_at = expires_at - interval '700 s' WHERE order_id = $1", state.id
            )
        with provider(Scripted(then=books)) as asked:
            await inventory.sweep_expired(bucket_of(product.variant_id))
            await drive(state.id)
        seen.append((asked.asked, await reservations_of(state.id, product.variant_id)))
    await jobs.release_stock(ReleaseStock(order_id=state.id), new_id(0))

    assert seen == [([], [PINNED]), ([], [PINNED]), (["look_up"], [PINNED])], "looked up before anything is released"
    assert await reservations_of(state.id, product.variant_id) == [RELEASED]


async def test_a_second_attempt_of_an_old_order_has_its_own_time_to_be_decided() -> None:
    state, attempt = await at_the_page()
    await pass_time(state.id, 1700)
    with provider(Scripted(then=Declined(reason="No."))):
        await look(attempt)
    with provider(Scripted(silent)):
        await operations.pay_again(state.id)
    await pass_time(state.id, 200)

    with provider(Scripted()) as asked:
        await drive(state.id)

    assert asked.asked == ["start"], "asked again under its key, not ended as too old"
    assert await attempts_of(state.id) == ["declined", "authorised"]


async def test_a_shop_may_wait_for_less_long_for_an_answer() -> None:
    with provider(Scripted(silent)), knobs(unknown_seconds=60):
        state = await an_order()
    await pass_time(state.id, 61)

    with provider(Scripted(then=Unknown(), void=Closed())) as asked:
        await drive(state.id)

    assert asked.asked == ["look_up", "void"]


async def test_nobody_asks_again_once_the_provider_may_have_forgotten_the_key() -> None:
    forgetful = Scripted(silent)
    forgetful.key_seconds = 30
    with provider(forgetful):
        state = await an_order()
    await pass_time(state.id, 31)

    with provider(Scripted(then=Unknown(), void=Closed())) as asked:
        await drive(state.id)

    assert asked.charges == []


async def test_a_hold_that_ran_out_before_payment_rejects_without_asking_for_money() -> None:
    product = await a_product()
    state = await _reserved_only(await a_placing({product.variant_id: 1}))
    async with writing(product.variant_id) as db:
        await db.execute(
            "UPDATE reservation SET expires_at = now() - interval '1 second' WHERE order_id = $1", state.id
        )

    with provider(Scripted()) as asked:
        await drive(state.id)

    assert asked.asked == []
    row = await row_of(state.id)
    assert (row["status"], row["reason"]) == ("rejected", "expired")
    assert await attempts_of(state.id) == []
    await jobs.release_stock(ReleaseStock(order_id=state.id), new_id(0))
    assert await numbers_of(product.variant_id) == (20, 0, 0)
    assert "OrderChanged" not in await consequences_of(state.id), "staff have never had it on their list"


async def test_an_order_that_could_not_be_paid_for_too_long_is_rejected_and_its_stock_let_go() -> None:
    product = await a_product()
    state = (await promise.promise(await a_placing({product.variant_id: 1}))).state
    await inventory.reserve(state.id, [(product.variant_id, 1)], pinned=True)
    await pass_time(state.id, 700)

    with provider(Scripted()) as asked:
        await drive(state.id)
    await jobs.release_stock(ReleaseStock(order_id=state.id), new_id(0))

    assert asked.asked == []
    assert ((await row_of(state.id))["status"], await cart_status(state.cart_id)) == ("rejected", "active")
    assert await numbers_of(product.variant_id) == (20, 0, 0)


async def test_a_later_attempt_whose_stock_is_gone_rejects_the_order_and_tells_staff() -> None:
    product = await a_product()
    with provider(Scripted(lambda charge: Declined(reason="No."))):
        state = await an_order({product.variant_id: 1})
    await steps.retry(state.id)
    await inventory.release(state.reservations)

    with provider(Scripted()) as asked:
        await drive(state.id)

    assert asked.asked == []
    assert (await row_of(state.id))["status"] == "rejected"
    assert await attempts_of(state.id) == ["declined", "expired"]
    assert (await consequences_of(state.id)).count("OrderChanged") == 2, "of the decline, and of the end"


async def test_losing_a_race_to_reserve_does_not_undo_the_winner() -> None:
    there, last = await a_product(), await a_product(variants=[{"stock": 0, "band": "few"}])
    ask = await a_placing({there.variant_id: 1, last.variant_id: 1})
    late = (await promise.promise(ask)).state
    await inventory.reserve(late.id, [(there.variant_id, 1)])
    await inventory.receive(last.variant_id, 1)
    with provider(Scripted(to_page)):
        await drive(late.id)

    await steps.reject(late, "sold_out")  # what a paused driver does that had found it sold out

    assert (await state_of(late.id)).status == "awaiting_payment"
    assert await reservations_of(late.id, there.variant_id) == [PINNED]
    assert "ReleaseStock" not in await consequences_of(late.id)


async def test_what_was_put_in_the_cart_during_payment_stays_there() -> None:
    from app.cart import operations as cart
    from app.cart.queries import cart_of

    state, attempt = await at_the_page()
    other = await a_product()
    await cart.add(state.shopper_id, await cart.offer_of(other.variant_id), 2)

    with provider(Scripted(then=paid(state))):
        await look(attempt)

    left = await cart_of(state.shopper_id)
    assert left is not None
    assert left.lines == [(other.variant_id, 2)]


async def _reserved_only(ask: promise.Placing) -> State:
    state = (await promise.promise(ask)).state
    for line in state.lines:
        await inventory.reserve(state.id, [(line.variant_id, line.quantity)])
        assert await reservations_of(state.id, line.variant_id) == [HELD]
    return state


async def _crashed_while_sending() -> tuple[State, Attempt]:
    state = await _reserved_only(await a_placing({(await a_product()).variant_id: 1}))
    await inventory.pin(state.reservations)
    attempt = await steps.intend(state)
    assert attempt is not None
    await pass_time(state.id, 60)
    return state, attempt

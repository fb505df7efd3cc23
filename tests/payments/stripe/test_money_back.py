"""Captures, voids and refunds at Stripe happen once, whatever goes wrong on the way."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.orders.drive import drive, look
from app.payments.gateway import Authorised, Captured, Closed, Failed, Refunded, Unknown, Voided
from tests.orders.books import attempts_of, history_of, pass_time, row_of
from tests.payments.money import attempt_of, notes_of, refund, refunds_of, request_capture, return_money, work
from tests.payments.stripe.walk import WRONG, at_the_page, charge_at, paid
from tests.payments.stripe_fake import Fake

pytestmark = pytest.mark.usefixtures("databases")


@pytest.mark.parametrize("how", WRONG)
async def test_whatever_goes_wrong_the_money_is_captured_once(fake: Fake, how: str) -> None:
    state = await paid(fake)
    await request_capture(state.id, 1000)
    fake.misbehave("/v1/payment_intents/*/capture", how)

    failed = await work(state.id)
    if how == "500":
        fake.keys.clear()  # a day later
    await work(state.id)

    [intent] = fake.books.intents.values()
    assert failed == ["NoAnswer"]
    assert intent["amount_received"] == 1000
    assert (await attempt_of(state.id)).captured == 1000
    assert await notes_of(state.id, "captured") == ["10.00 GBP"]


@pytest.mark.parametrize("how", WRONG)
async def test_whatever_goes_wrong_the_money_goes_back_once(fake: Fake, how: str) -> None:
    state = await paid(fake)
    await request_capture(state.id, 1790)
    await work(state.id)
    await refund(state.id, 500, uuid4())
    fake.misbehave("/v1/refunds", how, "429")  # and the books can't be read either: only the key is left

    await work(state.id)
    if how == "500":
        fake.keys.clear()
    await work(state.id)

    assert [each["amount"] for each in fake.books.refunds.values()] == [500]
    assert [each.status for each in await refunds_of(state.id)] == ["done"]


async def test_an_authorisation_that_ran_out_at_the_bank_freezes_its_capture(fake: Fake) -> None:
    state = await paid(fake)
    [intent] = fake.books.intents
    fake.books.cancel(intent, {}, reason="automatic")

    await request_capture(state.id, 1790)
    await work(state.id)

    assert "the authorisation is over (automatic)" in (await attempt_of(state.id)).frozen


async def test_an_order_that_is_off_cancels_its_payment(fake: Fake) -> None:
    state = await paid(fake)

    await return_money(state.id)
    await work(state.id)

    [intent] = fake.books.intents.values()
    assert intent["status"] == "canceled"
    assert await attempts_of(state.id) == ["voided"]


async def test_money_that_comes_after_the_order_was_over_goes_back(fake: Fake) -> None:
    state, attempt = await at_the_page()
    await pass_time(state.id, 1900)
    fake.misbehave("/v1/checkout/sessions/*/expire", "lost")
    await drive(state.id)
    await pass_time(state.id, 60)
    await drive(state.id)
    assert (await row_of(state.id))["status"] == "cancelled"
    fake.books.sessions[attempt.reference].update(status="open")
    fake.books.pay(attempt.reference, "ok")

    await look(attempt)
    await work(state.id)

    assert await attempts_of(state.id) == ["voided"]
    assert "payment_late" in await history_of(state.id)


async def test_void_cancel_capture_and_refund_answer_in_the_shops_words(fake: Fake) -> None:
    state = await paid(fake)
    stripe, charge = await charge_at(state.id)

    assert isinstance(await stripe.void(charge), Authorised)
    assert isinstance(await stripe.capture(charge, 1791), Failed)
    assert await stripe.capture(charge, 1790) == Captured(amount=1790)
    assert await stripe.capture(charge, 1790) == Captured(amount=1790)
    assert await stripe.cancel(charge) == Captured(amount=1790)
    key = uuid4()
    assert isinstance(await stripe.look_up_refund(charge, key=key), Closed)
    assert isinstance(await stripe.refund(charge, 1791, key=uuid4()), Failed)
    made = await stripe.refund(charge, 1790, key=key)
    assert isinstance(made, Refunded)
    assert await stripe.look_up_refund(charge, key=key) == made


async def test_cancelling_twice_is_cancelling_once(fake: Fake) -> None:
    state = await paid(fake)
    stripe, charge = await charge_at(state.id)

    assert [await stripe.cancel(charge) for _ in range(2)] == [Voided(), Voided()]


@pytest.mark.parametrize(("status", "answer"), [("pending", Unknown), ("failed", Failed), ("succeeded", Refunded)])
async def test_a_refund_is_done_when_stripe_says_so(fake: Fake, status: str, answer: type) -> None:
    state = await paid(fake)
    stripe, charge = await charge_at(state.id)
    await stripe.capture(charge, 1790)
    fake.books.refund_status = status

    assert isinstance(await stripe.refund(charge, 5, key=uuid4()), answer)

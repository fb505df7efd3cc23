"""Through HTTP on both sides: the shop's pages and jobs, the library's requests, and a Stripe that may misbehave."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from app.orders.drive import drive, look
from app.payments.gateway import Authorised, Captured, Closed, Declined, Failed, Redirect, Refunded, Unknown, Voided
from app.values import minted_at
from tests.checkout.walk import status_of, words_of
from tests.knobs import knobs
from tests.orders.books import attempts_of, history_of, pass_time, row_of, state_of
from tests.payments.money import attempt_of, notes_of, refund, refunds_of, request_capture, return_money, work
from tests.payments.stripe.walk import a_charge, a_gateway, at_the_page, charge_at, paid, to_page, typed
from tests.payments.stripe_fake import KEY, Fake

pytestmark = pytest.mark.usefixtures("databases")

SESSIONS, SESSION = "/v1/checkout/sessions", "/v1/checkout/sessions/*"
OK, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000000000003220"
WRONG = ["lost", *(pytest.param(how, marks=pytest.mark.slow) for how in ("500", "500 done", "429", "reset", "silent"))]


async def test_from_the_button_to_a_partial_refund(shop: httpx.AsyncClient, fake: Fake) -> None:
    page = await to_page(shop)
    back = await typed(page, number=OK)
    answer = await shop.get(httpx.URL(back.headers["location"]).raw_path.decode())
    order = await shop.get(answer.headers["location"])
    [session] = fake.books.sessions.values()
    attempt_id = session["client_reference_id"]
    assert page.startswith(fake.url)
    assert status_of(order) == "placed"

    from uuid import UUID

    from app.payments.queries import attempt as attempt_by

    attempt = await attempt_by(UUID(attempt_id))
    assert attempt is not None
    await request_capture(attempt.order_id, 1790)
    await work(attempt.order_id)
    await refund(attempt.order_id, 500, uuid4())
    await work(attempt.order_id)

    [intent] = fake.books.intents.values()
    assert (intent["status"], intent["capture_method"], intent["amount_received"]) == ("succeeded", "manual", 1790)
    assert [each["amount"] for each in fake.books.refunds.values()] == [500]
    assert (await row_of(attempt.order_id))["payment_status"] == "partially_refunded"


async def test_no_page_of_ours_asks_for_a_card_and_forms_may_lead_to_theirs(
    shop: httpx.AsyncClient, fake: Fake
) -> None:
    from app.main import create_app

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app()), base_url="http://localhost:8080"
    ) as fresh:
        policy = (await fresh.get("/cart")).headers["content-security-policy"]

    assert f"form-action 'self' {fake.url};" in policy


async def test_back_from_the_page_without_paying_the_order_waits(shop: httpx.AsyncClient, fake: Fake) -> None:
    page = await to_page(shop)
    back = await typed(page, answer="cancel")

    answer = await shop.get(httpx.URL(back.headers["location"]).raw_path.decode())
    order = await shop.get(answer.headers["location"])

    assert "Go on to the payment page" in words_of(order)


async def test_a_card_declined_on_the_page_leaves_the_page_open_for_another(
    shop: httpx.AsyncClient, fake: Fake
) -> None:
    page = await to_page(shop)

    await typed(page, number=DECLINED)
    back = await typed(page, number=OK)
    answer = await shop.get(httpx.URL(back.headers["location"]).raw_path.decode())

    assert status_of(await shop.get(answer.headers["location"])) == "placed"


async def test_a_bank_that_asks_first_is_no_answer_yet(fake: Fake) -> None:
    state, attempt = await at_the_page()
    fake.books.pay(attempt.reference, "asks")

    await look(attempt)
    waiting = await attempts_of(state.id)
    fake.books.pay(attempt.reference, "confirmed")
    await look(attempt)

    assert waiting == ["requires_action"]
    assert await attempts_of(state.id) == ["authorised"]


async def test_an_order_whose_page_nobody_used_ends_and_its_page_is_closed(fake: Fake) -> None:
    state, attempt = await at_the_page()
    await pass_time(state.id, 1900)

    await drive(state.id)

    assert fake.books.sessions[attempt.reference]["status"] == "expired"
    assert (await row_of(state.id))["reason"] == "unpaid"


async def test_who_pays_while_the_page_is_being_closed_has_paid(fake: Fake) -> None:
    state, _ = await at_the_page()
    await pass_time(state.id, 1900)
    expire = fake.books.expire_session

    def just_paid(id: str, told: dict[str, object]) -> dict[str, object]:
        fake.books.pay(id, "ok")
        return expire(id, told)

    fake.books.expire_session = just_paid  # type: ignore[method-assign]
    await drive(state.id)

    assert (await state_of(state.id)).status == "placed"


@pytest.mark.parametrize("how", WRONG)
async def test_whatever_goes_wrong_at_the_start_there_is_one_session_in_the_end(fake: Fake, how: str) -> None:
    fake.misbehave(SESSIONS, how)
    state, _ = await at_the_page()
    at_first = await attempts_of(state.id)
    await pass_time(state.id, 20)

    await drive(state.id)

    assert at_first == ["unknown"]
    assert len(fake.books.sessions) == (0 if how == "500" else 1), "a 500 is replayed as long as its key lives"
    assert await attempts_of(state.id) == ["unknown" if how.startswith("500") else "requires_action"]
    assert fake.count("POST", SESSIONS) == 2


@pytest.mark.parametrize(("how", "paid", "status"), [("500 done", True, "placed"), ("500 done", False, "cancelled")])
async def test_a_session_whose_answer_never_came_is_found_and_ended(
    fake: Fake, how: str, paid: bool, status: str
) -> None:
    fake.misbehave(SESSIONS, how)
    state, _ = await at_the_page()
    [id] = fake.books.sessions
    if paid:
        fake.books.pay(id, "ok")
    await pass_time(state.id, 1900)

    await drive(state.id)

    assert (await row_of(state.id))["status"] == status
    assert fake.books.sessions[id]["status"] == ("complete" if paid else "expired")


async def test_a_session_that_may_still_begin_keeps_the_stock_and_one_that_cannot_does_not(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.payments.stripe import gateway

    charge, stripe = a_charge(), a_gateway()
    begun = minted_at(charge.attempt_id).timestamp()

    answers = []
    for later in (1100, 1300):
        monkeypatch.setattr(gateway.time, "time", lambda later=later: begun + later)
        answers.append(await stripe.void(charge))

    assert [type(answer) for answer in answers] == [Unknown, Closed]


async def test_asking_twice_is_asking_once_and_says_what_is_true_now(fake: Fake) -> None:
    charge, stripe = a_charge(), a_gateway()

    first, second = await stripe.start(charge), await stripe.start(charge)
    assert isinstance(first, Redirect)
    fake.books.pay(first.reference, "ok")
    third = await stripe.look_up(charge)

    assert second == first
    assert len(fake.books.sessions) == 1
    assert third == Authorised(reference=first.reference, amount=1790, currency="GBP")


async def test_the_same_key_with_other_words_is_looked_up_and_never_a_second_session(fake: Fake) -> None:
    charge = a_charge()
    first = await a_gateway().start(charge)
    with knobs(shop_name="Another name"):
        second = await a_gateway().start(charge)

    assert isinstance(first, Redirect)
    assert isinstance(second, Redirect)
    assert second.reference == first.reference


async def test_what_stripe_refuses_to_begin_is_declined(fake: Fake) -> None:
    assert isinstance(await a_gateway().start(a_charge(amount=5)), Declined)


async def test_a_wrong_key_is_no_answer_and_is_never_repeated_anywhere(
    fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    with knobs(stripe_key="sk_live_very_secret"):
        stripe = a_gateway()
        answer = await stripe.start(a_charge())

    said = repr(answer) + repr(stripe) + capsys.readouterr().out + capsys.readouterr().err
    assert isinstance(answer, Unknown)
    assert "very_secret" not in said


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


async def test_it_is_asked_with_the_shops_key_and_a_time_limit(fake: Fake) -> None:
    stripe = a_gateway()
    options = stripe.client._requestor._options

    assert options.max_network_retries == 0
    assert stripe.client._requestor._client._timeout.connect == 1.0
    assert stripe.client._requestor._client._timeout.read == 1.0
    assert KEY not in repr(stripe)


async def test_its_list_is_compared_with_ours_page_by_page(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime, timedelta

    from app.payments.reconcile import differences
    from app.payments.stripe import find

    monkeypatch.setattr(find, "PAGE", 2)
    orders = [await paid(fake) for _ in range(5)]
    await request_capture(orders[0].id, 1000)
    await work(orders[0].id)
    await refund(orders[0].id, 300, uuid4())
    await work(orders[0].id)
    await return_money(orders[1].id)
    await work(orders[1].id)
    gateway, charge = await charge_at(orders[2].id)
    await gateway.capture(charge, 1790)

    since = datetime.now(UTC) - timedelta(minutes=5)
    found = [each async for each in differences("stripe", gateway, since=since, grace=0)]
    ours = {each.attempt.id for each in orders if each.attempt}

    assert [each.words for each in found if each.attempt_id in ours] == [
        "It is authorised here and captured at the provider, which nobody here has asked for."
    ]

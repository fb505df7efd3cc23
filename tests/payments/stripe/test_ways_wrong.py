"""Whatever goes wrong on the way to a session: one in the end, found and ended if its answer never came."""

from __future__ import annotations

import time
from unittest import mock

import pytest

from app.orders.drive import drive, look
from app.orders.operations import pay_again
from app.payments.gateway import Authorised, Closed, Redirect, Unknown
from tests.knobs import knobs
from tests.orders.books import attempts_of, history_of, pass_time, row_of
from tests.payments.money import notes_of
from tests.payments.stripe.walk import SESSIONS, WRONG, a_charge, a_gateway, at_the_page
from tests.payments.stripe_books import Refuse
from tests.payments.stripe_fake import Fake

pytestmark = pytest.mark.usefixtures("databases")


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


async def test_a_session_that_may_still_begin_keeps_the_stock_and_one_that_cannot_does_not(fake: Fake) -> None:
    answers = [await a_gateway().void(a_charge(asked_for=seconds)) for seconds in (1100, 1300)]

    assert [type(answer) for answer in answers] == [Unknown, Closed]


async def test_a_session_whose_answer_was_lost_is_found_in_the_busiest_day(fake: Fake) -> None:
    fake.misbehave(SESSIONS, "lost")
    charge = a_charge()
    lost = await a_gateway().start(charge)
    [(id, ours)] = fake.books.sessions.items()
    for at in range(6_000):  # one every 14 seconds until the day is over
        other = {"id": f"cs_test_f{at:05d}", "client_reference_id": "another's", "created": ours["created"] + 14 * at}
        fake.books.sessions[other["id"]] = ours | other

    found = await a_gateway().look_up(charge)

    assert isinstance(lost, Unknown)
    assert isinstance(found, Redirect) and found.reference == id
    assert fake.count("GET", SESSIONS) == 1


@pytest.mark.parametrize("jump", [1200, -1200])
async def test_the_clock_of_a_process_decides_nothing_about_a_payment(fake: Fake, jump: int) -> None:
    real = time.time_ns
    with mock.patch("time.time_ns", lambda: real() + jump * 10**9):
        state, attempt = await at_the_page()
        fake.books.pay(attempt.reference, "ok")
        await look(attempt)

    assert await attempts_of(state.id) == ["authorised"]


async def test_asking_twice_is_asking_once_and_says_what_is_true_now(fake: Fake) -> None:
    charge, stripe = a_charge(), a_gateway()

    first, second = await stripe.start(charge), await stripe.start(charge)
    assert isinstance(first, Redirect)
    fake.books.pay(first.reference, "ok")
    third, fourth = await stripe.look_up(charge), await stripe.start(charge)

    assert second == first
    assert len(fake.books.sessions) == 1
    assert third == fourth == Authorised(reference=first.reference, amount=1790, currency="GBP")


@pytest.mark.parametrize(("paid", "status"), [(True, "authorised"), (False, "requires_action")])
async def test_after_one_failed_look_the_next_try_reads_the_books_and_begins_nothing(
    fake: Fake, paid: bool, status: str
) -> None:
    state, attempt = await at_the_page()
    if paid:
        fake.books.pay(attempt.reference, "ok")
    fake.misbehave(f"{SESSIONS}/*", "reset")
    await look(attempt)
    between = await attempts_of(state.id)
    await pass_time(state.id, 20)

    await drive(state.id)

    assert between == ["unknown"]
    assert await attempts_of(state.id) == [status]
    assert fake.count("POST", SESSIONS) == 1


async def test_the_same_key_with_other_words_is_looked_up_and_never_a_second_session(fake: Fake) -> None:
    charge = a_charge()
    first = await a_gateway().start(charge)
    with knobs(shop_name="Another name"):
        second = await a_gateway().start(charge)

    assert isinstance(first, Redirect)
    assert isinstance(second, Redirect)
    assert second.reference == first.reference


async def test_what_stripe_refuses_to_begin_is_our_fault_and_no_declined_card(fake: Fake) -> None:
    fake.books.begins = Refuse("amount_too_small")
    with knobs(limit_declines=1):
        state, _ = await at_the_page()
        first = (await attempts_of(state.id), await history_of(state.id), await notes_of(state.id, "payment_refused"))
        fake.books.begins = None
        await pay_again(state.id)

    assert first[0] == ["declined"]
    assert first[1][-1] == "not_opened" and first[2] == ["amount_too_small"]
    assert await attempts_of(state.id) == ["declined", "requires_action"]


async def test_a_wrong_key_is_no_answer_and_is_never_repeated_anywhere(
    fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    with knobs(stripe_key="sk_live_very_secret"):
        stripe = a_gateway()
        answer = await stripe.start(a_charge())

    said = repr(answer) + repr(stripe) + capsys.readouterr().out + capsys.readouterr().err
    assert isinstance(answer, Unknown)
    assert "very_secret" not in said

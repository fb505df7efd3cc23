"""Whatever goes wrong on the way to a session: one in the end, found and ended if its answer never came."""

from __future__ import annotations

import pytest

from app.orders.drive import drive, look
from app.payments.gateway import Authorised, Closed, Declined, Redirect, Unknown
from app.values import minted_at
from tests.knobs import knobs
from tests.orders.books import attempts_of, pass_time, row_of
from tests.payments.stripe.walk import SESSIONS, WRONG, a_charge, a_gateway, at_the_page
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

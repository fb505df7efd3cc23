from __future__ import annotations

import asyncio

import pytest

from app.db.engines import writing
from app.payments.events import CapturePayment, VoidPayment
from app.payments.gateway import Captured, Failed, Unknown, Voided
from app.payments.operations import CannotCapture
from app.values import new_id
from jobs.payments import capture_payment, void_payment
from tests.knobs import knobs, provider
from tests.orders.books import attempts_of, consequences_of, history_of, row_of
from tests.payments.money import (
    a_captured_order,
    a_paid_order,
    attempt_of,
    notes_of,
    refunds_of,
    request_capture,
    return_money,
    scripted,
    work,
)

pytestmark = pytest.mark.usefixtures("databases")


async def test_what_is_set_aside_is_taken_once_and_the_order_says_so() -> None:
    state = await a_paid_order()

    await request_capture(state.id, state.total)
    with provider(scripted()) as asked:
        await work(state.id)
        event = CapturePayment(order_id=state.id, attempt_id=(await attempt_of(state.id)).id)
        await capture_payment(event, new_id(0))

    assert asked.asked == ["capture"]
    assert await attempts_of(state.id) == ["captured"]
    assert (await row_of(state.id))["payment_status"] == "captured"
    assert await notes_of(state.id, "captured") == ["17.90 GBP"]


async def test_asking_for_the_same_capture_twice_is_asking_once() -> None:
    state = await a_paid_order()

    await asyncio.gather(*(request_capture(state.id, 500) for _ in range(4)))

    assert (await consequences_of(state.id)).count("CapturePayment") == 1


async def test_less_than_what_was_set_aside_can_be_taken() -> None:
    state = await a_paid_order()
    await request_capture(state.id, 500)

    with provider(scripted()):
        await work(state.id)

    attempt = await attempt_of(state.id)
    assert (attempt.status, attempt.captured, attempt.amount) == ("captured", 500, state.total)


@pytest.mark.parametrize("amount", [0, -1, 1791])
async def test_no_other_amount_than_what_was_set_aside_can_be_taken(amount: int) -> None:
    state = await a_paid_order()

    with pytest.raises(CannotCapture):
        await request_capture(state.id, amount)


async def test_nothing_more_can_be_taken_afterwards() -> None:
    state = await a_paid_order()
    await request_capture(state.id, 500)

    with pytest.raises(CannotCapture):
        await request_capture(state.id, 501)


async def test_a_capture_nobody_answers_is_asked_again() -> None:
    state = await a_paid_order()
    await request_capture(state.id, state.total)

    with provider(scripted(takes=Unknown(why="no answer"))):
        at_first = await work(state.id)
    with provider(scripted()):
        then = await work(state.id)

    assert (at_first, then) == (["NoAnswer"], [])
    assert await attempts_of(state.id) == ["captured"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Failed(reason="It has expired."), "It has expired."), (Captured(amount=1), "0.01 GBP was")],
)
async def test_a_capture_that_fails_or_takes_another_amount_waits_for_a_person(answer: object, words: str) -> None:
    state = await a_paid_order()
    await request_capture(state.id, state.total)

    with provider(scripted(takes=answer)):
        await work(state.id)

    attempt = await attempt_of(state.id)
    assert attempt.status == "authorised"
    assert words in attempt.frozen
    assert words in (await notes_of(state.id, "payment_frozen"))[0]
    assert "payment frozen" not in await history_of(state.id)


async def test_with_capture_at_placing_it_follows_the_authorisation() -> None:
    with knobs(capture="placed"):
        state = await a_paid_order()

    with provider(scripted()):
        await work(state.id)

    assert await attempts_of(state.id) == ["captured"]


async def test_an_order_that_is_off_gets_its_authorisation_voided() -> None:
    state = await a_paid_order()

    begun = [await return_money(state.id) for _ in range(2)]
    with provider(scripted()) as asked:
        await work(state.id)
        await void_payment(VoidPayment(order_id=state.id, attempt_id=(await attempt_of(state.id)).id), new_id(0))

    assert begun == ["void", None]
    assert asked.asked[0] == "cancel"
    assert await attempts_of(state.id) == ["voided"]
    assert (await row_of(state.id))["payment_status"] == "voided"
    assert (await history_of(state.id)).count("voided") == 1


async def test_an_order_that_is_off_gets_what_was_taken_refunded() -> None:
    state = await a_captured_order()

    begun = [await return_money(state.id) for _ in range(2)]
    with provider(scripted()):
        await work(state.id)

    assert begun == ["refund", None]
    assert (await row_of(state.id))["payment_status"] == "refunded"


async def test_a_refund_of_a_capture_under_way_waits_for_it() -> None:
    state = await a_paid_order()
    await request_capture(state.id, state.total)
    await return_money(state.id)

    with provider(scripted(takes=Unknown())):
        waiting = await work(state.id)
    with provider(scripted()):
        await work(state.id)

    assert waiting == ["NoAnswer", "NotCapturedYet"]
    assert [refund.status for refund in await refunds_of(state.id)] == ["done"]
    assert (await row_of(state.id))["payment_status"] == "refunded"


async def test_what_was_taken_before_the_void_came_is_refunded() -> None:
    state = await a_paid_order()
    await return_money(state.id)

    with provider(scripted(cancels=Captured(amount=state.total))):
        await work(state.id)
        await work(state.id)

    attempt = await attempt_of(state.id)
    assert (attempt.status, attempt.captured, attempt.refunded) == ("captured", state.total, state.total)
    assert (await row_of(state.id))["payment_status"] == "refunded"


async def test_a_void_nobody_answers_is_asked_again() -> None:
    state = await a_paid_order()
    await return_money(state.id)

    with provider(scripted(cancels=Unknown())):
        at_first = await work(state.id)
    with provider(scripted(cancels=Voided())):
        then = await work(state.id)

    assert (at_first, then) == (["NoAnswer"], [])
    assert await attempts_of(state.id) == ["voided"]


async def test_capture_and_void_at_once_do_not_both_begin() -> None:
    state = await a_paid_order()

    await asyncio.gather(request_capture(state.id, state.total), return_money(state.id), return_exceptions=True)

    begun = set(await consequences_of(state.id)) & {"CapturePayment", "VoidPayment"}
    assert len(begun) == 1


async def test_a_capture_never_exceeds_its_authorisation_in_the_database_either() -> None:
    state = await a_paid_order()

    with pytest.raises(Exception, match="payment_attempt_takes_no_more"):
        async with writing(state.id) as db:
            await db.execute("UPDATE payment_attempt SET capturing = amount + 1 WHERE order_id = $1", state.id)

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from app.db.engines import writing
from app.payments import refunds
from app.payments.events import RefundPayment
from app.payments.gateway import Closed, Failed, Refunded, Unknown
from app.payments.operations import CannotRefund
from app.values import bucket_of, new_id
from jobs.payments import refund_payment
from tests.knobs import provider
from tests.orders.books import consequences_of, history_of, row_of
from tests.payments.money import (
    a_captured_order,
    a_paid_order,
    asked_long_ago,
    attempt_of,
    notes_of,
    refund,
    refunds_of,
    scripted,
    work,
)

pytestmark = pytest.mark.usefixtures("databases")


async def test_a_refund_is_made_once_under_a_key_of_its_own() -> None:
    state = await a_captured_order()
    opened = await refund(state.id, 500, uuid4())

    with provider(scripted(found=Refunded(amount=500))) as asked:
        await work(state.id)
        await refund_payment(RefundPayment(order_id=state.id, refund_id=opened.id), new_id(0))

    assert asked.asked == ["refund", "look_up_refund"]
    assert asked.keys == [opened.id]
    assert bucket_of(opened.id) == bucket_of(state.id)
    assert (await row_of(state.id))["payment_status"] == "partially_refunded"
    assert await notes_of(state.id, "refunded") == ["5.00 GBP"]


async def test_when_everything_went_back_the_order_says_so() -> None:
    state = await a_captured_order()
    await refund(state.id, 500, uuid4())
    await refund(state.id, 1290, uuid4())

    with provider(scripted()):
        await work(state.id)

    assert (await row_of(state.id))["payment_status"] == "refunded"


async def test_the_same_key_is_the_same_refund() -> None:
    state, key = await a_captured_order(), uuid4()

    opened = await asyncio.gather(*(refund(state.id, 500, key) for _ in range(5)))

    assert len({each.id for each in opened}) == 1
    assert (await consequences_of(state.id)).count("RefundPayment") == 1
    with pytest.raises(CannotRefund):
        await refund(state.id, 501, key)


@pytest.mark.parametrize("amount", [0, -5, 1791])
async def test_no_more_goes_back_than_was_taken(amount: int) -> None:
    state = await a_captured_order()

    with pytest.raises(CannotRefund):
        await refund(state.id, amount, uuid4())


async def test_of_many_refunds_at_once_only_as_many_begin_as_there_is_money() -> None:
    state = await a_captured_order()

    tried = await asyncio.gather(*(refund(state.id, 500, uuid4()) for _ in range(10)), return_exceptions=True)

    assert sum(isinstance(each, CannotRefund) for each in tried) == 7
    assert sum(each.amount for each in await refunds_of(state.id)) == 1500


async def test_money_only_set_aside_can_not_be_refunded() -> None:
    state = await a_paid_order()

    with pytest.raises(CannotRefund):
        await refund(state.id, 1, uuid4())


async def test_a_refund_that_failed_frees_its_money_and_staff_read_why() -> None:
    state = await a_captured_order()
    await refund(state.id, 1790, uuid4())

    with provider(scripted(gives=Failed(reason="The card is closed."))):
        await work(state.id)
    again = await refund(state.id, 1790, uuid4())

    assert again.status == "created"
    assert await notes_of(state.id, "refund_failed") == ["17.90 GBP: The card is closed."]
    assert (await row_of(state.id))["payment_status"] == "captured"


async def test_a_refund_nobody_answers_is_asked_again_under_the_same_key() -> None:
    state = await a_captured_order()
    opened = await refund(state.id, 500, uuid4())

    with provider(scripted(gives=Unknown(), found=Closed())) as silent:
        at_first = await work(state.id)
    unknown = [each.status for each in await refunds_of(state.id)]
    with provider(scripted()) as asked:
        await work(state.id)

    assert at_first == ["NoAnswer"]
    assert unknown == ["unknown"]
    assert silent.keys + asked.keys == [opened.id] * 2
    assert (await attempt_of(state.id)).refunded == 500


async def test_a_refund_whose_answer_was_lost_is_found_in_the_books() -> None:
    state = await a_captured_order()
    await refund(state.id, 500, uuid4())

    with provider(scripted(gives=Unknown(), found=Refunded(amount=500))) as asked:
        await work(state.id)

    assert asked.asked == ["refund", "look_up_refund"]
    assert [each.status for each in await refunds_of(state.id)] == ["done"]


@pytest.mark.parametrize(
    ("found", "status"), [(Refunded(amount=500), "done"), (Closed(), "failed"), (Unknown(), "unknown")]
)
async def test_past_the_life_of_its_key_a_refund_is_only_looked_up(found: object, status: str) -> None:
    state = await a_captured_order()
    await refund(state.id, 500, uuid4())
    with provider(scripted(gives=Unknown())):
        await work(state.id)
    await asked_long_ago(state.id, 3601)

    with provider(scripted(found=found)) as asked:
        await work(state.id)

    assert asked.asked == ["look_up_refund"]
    assert [each.status for each in await refunds_of(state.id)] == [status]


async def test_a_refund_that_the_bank_sent_back_is_told() -> None:
    state = await a_captured_order()
    opened = await refund(state.id, 500, uuid4())
    with provider(scripted()):
        await work(state.id)

    with provider(scripted(found=Failed(reason="The account is closed."))):
        await refund_payment(RefundPayment(order_id=state.id, refund_id=opened.id), new_id(0))

    assert (await row_of(state.id))["payment_status"] == "captured"
    assert (await history_of(state.id))[-1] == "refund_returned"


async def test_another_amount_than_asked_for_is_no_refund_we_understand() -> None:
    state = await a_captured_order()
    await refund(state.id, 500, uuid4())

    with provider(scripted(gives=Refunded(amount=5))):
        await work(state.id)

    [opened] = await refunds_of(state.id)
    assert opened.status == "unknown"
    assert "5 went back instead of 500" in opened.error


async def test_a_key_of_another_order_gives_nothing_away() -> None:
    first, key = await a_captured_order(), uuid4()
    other = await a_captured_order(shopper_id=first.shopper_id)
    await refund(first.id, 500, key)

    with pytest.raises(CannotRefund):
        await refund(other.id, 500, key)


async def test_what_is_left_of_an_order_is_counted_by_an_index_however_many_refunds_there_are() -> None:
    state = await a_captured_order()
    attempt = await attempt_of(state.id)

    async with writing(state.id) as db:
        await db.execute("SET LOCAL enable_seqscan = off")
        plan = await db.fetch(f"EXPLAIN {refunds.COUNTED}", state.id, attempt.id)

    assert "refund_order_id" in "".join(row[0] for row in plan)

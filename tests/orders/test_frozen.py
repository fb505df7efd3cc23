"""A placed order whose capture failed: nothing moves by itself any more, nothing leaves the house, and staff can call it off."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.db.engines import reading
from app.inventory.tables import RELEASED
from app.ops import unpaid_rules
from app.orders import operations, queries
from app.orders.drive import StillUnclear, look
from app.orders.events import ReleaseStock
from app.orders.money import NotFrozen
from app.orders.queries import State
from app.payments.gateway import Answer, Authorised, Captured, Closed, Declined, Failed, Unknown
from app.payments.operations import CannotCapture
from app.values import new_id, seconds
from jobs import orders as jobs
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product
from tests.orders.books import (
    at_the_page,
    attempts_of,
    consequences_of,
    history_of,
    lines_of,
    pass_time,
    reservations_of,
    row_of,
    state_of,
)
from tests.payments.money import a_paid_order, attempt_of, refunds_of, scripted, work

pytestmark = pytest.mark.usefixtures("databases")

LAPSED = Failed(reason="It has expired.")


async def a_frozen_order(capture: str = "placed", quantity: int = 2) -> State:
    """Paid for, but the capture failed: at once, or before the first of its parcels."""
    with knobs(capture=capture):
        state = await a_paid_order(lines={(await a_product()).variant_id: quantity})
        with provider(scripted(takes=LAPSED)):
            if capture != "placed":
                with pytest.raises(CannotCapture, match="has expired"):
                    await send(state)
            await work(state.id)
    assert (await attempt_of(state.id)).frozen
    return await state_of(state.id)


async def send(state: State) -> None:
    [line] = await lines_of(state.id)
    await operations.ship(state.id, {line["id"]: 1}, carrier="Royal Post", tracking="RP 123", key=uuid4())


def books(state: State) -> list[Answer]:
    set_aside = Authorised(reference="theirs", amount=state.total, currency=state.currency)
    return [Closed(), Declined(reason="It has expired."), set_aside, Unknown()]


async def test_no_later_look_moves_an_order_whose_capture_failed() -> None:
    state = await a_frozen_order("fulfilled")
    before = (await row_of(state.id), await history_of(state.id), await consequences_of(state.id))

    for answer in books(state):
        with provider(Scripted(then=answer)):
            await look(state.attempt)  # type: ignore[arg-type]

    assert (await row_of(state.id), await history_of(state.id), await consequences_of(state.id)) == before
    assert (await attempt_of(state.id)).frozen == state.attempt.frozen  # type: ignore[union-attr]
    assert before[0]["status"] == "placed"


async def test_an_order_whose_authorisation_has_lapsed_is_frozen_told_to_staff_and_not_sent() -> None:
    state = await state_of((await a_paid_order()).id)

    for message in ("first", "again"):
        with provider(Scripted(then=Closed())):
            await look(state.attempt, message)  # type: ignore[arg-type]

    assert "has ended the authorisation" in (await attempt_of(state.id)).frozen
    assert (await history_of(state.id)).count("payment_frozen") == 1
    assert (await row_of(state.id))["status"] == "placed"
    with pytest.raises(CannotCapture):
        await send(state)
    assert [line["shipped"] for line in await lines_of(state.id)] == [0]


async def test_an_authorisation_that_ends_because_its_order_was_cancelled_freezes_nothing() -> None:
    state = await state_of((await a_paid_order()).id)
    await operations.cancel_placed(state.id)

    with provider(Scripted(then=Closed())):
        await look(state.attempt, "ended")  # type: ignore[arg-type]
    with provider(scripted()):
        await work(state.id)

    assert (await attempt_of(state.id)).frozen == ""
    assert await attempts_of(state.id) == ["voided"]


@pytest.mark.parametrize("capture", ["placed", "fulfilled"])
async def test_nothing_is_sent_of_an_order_whose_capture_failed(capture: str) -> None:
    state = await a_frozen_order(capture)

    with pytest.raises(CannotCapture):
        await send(state)

    assert [line["shipped"] for line in await lines_of(state.id)] == [0]
    assert "SendShipped" not in await consequences_of(state.id)


async def test_an_order_whose_capture_failed_lets_its_authorisation_go_when_it_is_cancelled() -> None:
    state = await a_frozen_order()

    await operations.cancel_placed(state.id)
    with provider(scripted()) as asked:
        await work(state.id)

    attempt = await attempt_of(state.id)
    assert asked.asked == ["cancel"]
    assert (attempt.status, attempt.frozen) == ("voided", "")
    assert await refunds_of(state.id) == []
    assert (await row_of(state.id))["payment_status"] == "voided"


async def test_what_a_failed_capture_has_taken_after_all_goes_back_when_it_is_cancelled() -> None:
    state = await a_frozen_order()
    await operations.cancel_placed(state.id)

    with provider(scripted(cancels=Captured(amount=1))):
        await work(state.id)
        await work(state.id)

    assert await attempts_of(state.id) == ["captured"]
    assert [(refund.amount, refund.status) for refund in await refunds_of(state.id)] == [(1, "done")]


async def test_staff_can_have_a_capture_tried_again_and_then_send() -> None:
    state = await a_frozen_order("fulfilled")

    await operations.capture_again(state.id)
    with pytest.raises(NotFrozen):
        await operations.capture_again(state.id)
    with provider(scripted(takes=Failed(reason="Not today."))):
        await work(state.id)
    why = (await attempt_of(state.id)).frozen
    await operations.capture_again(state.id)
    with provider(scripted()):
        await work(state.id)
    await send(state)

    assert why == "The capture failed: Not today."
    assert (await attempt_of(state.id)).status == "captured"
    assert (await row_of(state.id))["fulfilment_status"] == "partial"
    assert (await history_of(state.id)).count("capture_retried") == 2


async def test_a_refund_that_waited_for_a_capture_fails_with_it() -> None:
    with knobs(capture="placed"):
        state = await a_paid_order()
    await operations.cancel_placed(state.id)

    with provider(scripted(takes=LAPSED)):
        await work(state.id)

    [refund] = await refunds_of(state.id)
    assert refund.status == "created"
    with provider(scripted()):
        await work(state.id)
        await work(state.id)
    [refund] = await refunds_of(state.id)
    assert (refund.status, refund.error) == ("failed", "Nothing was captured that could go back.")
    assert "refund_failed" in await history_of(state.id)
    assert await attempts_of(state.id) == ["voided"], "what is set aside is not kept from who cancelled before"


async def test_what_was_taken_although_its_capture_failed_after_a_cancellation_goes_back_once() -> None:
    with knobs(capture="placed"):
        state = await a_paid_order()
    await operations.cancel_placed(state.id)

    with provider(scripted(takes=LAPSED, cancels=Captured(amount=state.total))) as asked:
        for _ in range(3):
            await work(state.id)

    assert asked.asked == ["capture", "cancel", "refund"]
    assert [(refund.amount, refund.status) for refund in await refunds_of(state.id)] == [(state.total, "done")]


async def an_unclear_order() -> tuple[State, UUID]:
    """Somebody has paid another amount than was asked for. Its variant, too."""
    variant_id = (await a_product()).variant_id
    state, attempt = await at_the_page(variant_id)
    with provider(Scripted(then=of(state, state.total + 1))):
        await look(attempt)
    return await state_of(state.id), variant_id


def of(state: State, amount: int) -> Authorised:
    return Authorised(reference="theirs", amount=amount, currency=state.currency)


async def test_staff_let_go_of_a_payment_that_is_not_what_was_asked_for() -> None:
    state, variant_id = await an_unclear_order()

    for _ in range(2):
        await operations.cancel_placed(state.id, "Paid the wrong sum")
    with provider(scripted()) as asked:
        await work(state.id)
        await jobs.release_stock(ReleaseStock(order_id=state.id), new_id(0))

    row = await row_of(state.id)
    assert (row["status"], row["reason"], row["payment_status"]) == ("cancelled", "staff", "voided")
    assert asked.asked[:1] == ["cancel"]
    assert await reservations_of(state.id, variant_id) == [RELEASED]
    assert (await consequences_of(state.id)).count("SendCancelled") == 1
    assert (await attempt_of(state.id)).frozen == ""


async def test_money_of_such_an_order_that_was_taken_already_goes_back() -> None:
    state, _ = await an_unclear_order()
    await operations.cancel_placed(state.id)

    with provider(scripted(cancels=Captured(amount=state.total + 1))):
        await work(state.id)
        await work(state.id)

    assert [(refund.amount, refund.status) for refund in await refunds_of(state.id)] == [(state.total + 1, "done")]


async def test_what_staff_put_right_at_the_provider_places_the_order() -> None:
    state, _ = await an_unclear_order()

    with provider(Scripted(then=of(state, state.total - 1))), pytest.raises(StillUnclear):
        await operations.look_again(state.id)
    with provider(Scripted(then=of(state, state.total))):
        await operations.look_again(state.id)

    assert (await state_of(state.id)).status == "placed"


async def test_a_shopper_whose_payment_is_looked_into_reads_so_on_a_page_that_stands_still() -> None:
    state, _ = await an_unclear_order()

    view = await queries.order_of(state.shopper_id, state.number)

    assert view and view.headline == "We are looking into your payment"
    assert not view.refresh and not view.can_retry


async def test_such_an_order_is_named_when_nobody_has_decided_for_a_day() -> None:
    state, _ = await an_unclear_order()
    [rule] = [rule for rule in unpaid_rules.rules() if "within a day" in rule.name]

    async def named() -> bool:
        async with reading(state.id) as db:
            return state.id in [row["id"] for row in await db.fetch(rule.wrong, seconds(300))]

    at_once = await named()
    await pass_time(state.id, 90_000)

    assert (at_once, await named()) == (False, True)

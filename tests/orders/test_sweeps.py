"""Sweeps take everybody's turn: those that can't go on now do not keep out those that can."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from unittest import mock
from uuid import UUID

import pytest

from app.db.engines import Busy, reading, writing
from app.inventory.tables import CLAIMED, PINNED
from app.orders import operations, promise, queries, steps, tries
from app.payments.gateway import Answer, Charge, Declined, Unknown
from app.values import bucket_of, seconds
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_placing, a_product, a_shopper, an_order
from tests.orders.books import at_the_page, pass_time, reservations_of, row_of, state_of

pytestmark = pytest.mark.usefixtures("databases")

YEAR = 31_556_952  # seconds: older than what any other test leaves behind


def silent(charge: Charge) -> Answer:
    return Unknown(why="no answer")


def _only(order_id: UUID) -> Callable[[int, int], Awaitable[list[UUID]]]:
    """What is stuck, were this the only order of its shard."""
    stuck = queries.stuck

    async def found(bucket: int, _most: int) -> list[UUID]:
        return [id for id in await stuck(bucket, 1000) if id == order_id]

    return found


async def test_payments_nobody_answers_for_do_not_keep_out_an_order_being_placed() -> None:
    shopper_id = await a_shopper()
    with provider(Scripted(silent)):
        unanswered = await an_order(shopper_id=shopper_id)
    await pass_time(unanswered.id, 20 * YEAR)
    died = (await promise.promise(await a_placing({(await a_product()).variant_id: 1}, shopper_id))).state
    await pass_time(died.id, 10 * YEAR)

    due = await queries.stuck(bucket_of(died.id), 1)

    assert died.id in due
    assert unanswered.id in due


async def test_an_attempt_without_an_answer_is_asked_about_again_only_after_a_while() -> None:
    with provider(Scripted(silent)):
        state = await an_order()
    await pass_time(state.id, 7200)

    with (
        provider(Scripted(then=Unknown(), void=Unknown())) as asked,
        mock.patch.object(operations.queries, "stuck", _only(state.id)),
    ):
        for _ in range(3):
            await operations.sweep_orders(bucket_of(state.id))
        at_once = list(asked.asked)
        await pass_time(state.id, 16)
        await operations.sweep_orders(bucket_of(state.id))

    assert at_once == ["look_up", "void"]
    assert asked.asked == at_once * 2
    assert (await state_of(state.id)).status == "awaiting_payment"


async def test_fifty_orders_that_always_raise_do_not_keep_out_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shopper_id = await a_shopper()
    product = await a_product(variants=[{"stock": 99}])
    broken, last = [], None
    for number in range(operations.SWEEP + 1):
        asked = await a_placing({product.variant_id: 1}, shopper_id)
        last = (await promise.promise(asked)).state
        await pass_time(last.id, (30 * YEAR if number < operations.SWEEP else 25 * YEAR))
        broken.append(last.id)
        async with writing(shopper_id) as db:
            await db.execute("UPDATE cart SET version = version + 1 WHERE shopper_id = $1", shopper_id)
            await db.execute("UPDATE orders SET cart_id = id WHERE id = $1", last.id)  # nobody's rival
    good = broken.pop()
    drive = operations.drive

    async def raising(order_id: UUID) -> object:
        if order_id in broken:
            raise RuntimeError("it always does")
        return await drive(order_id)

    monkeypatch.setattr(operations, "drive", raising)
    with knobs(payment_provider="instant"):
        for _ in range(3):
            await operations.sweep_orders(bucket_of(good))

    assert (await state_of(good)).status == "rejected", "driven on: after so long to its end"
    assert (await state_of(broken[0])).status == "placing"


async def test_an_order_that_moves_is_tried_anew_without_delay() -> None:
    with provider(Scripted(silent)):
        state = await an_order()
    for _ in range(9):
        await tries.note_try(state.id)

    await steps.settle((await state_of(state.id)).attempt, Declined(reason="no"))  # type: ignore[arg-type]

    row = await row_of(state.id)
    assert row["tries"] == 0
    async with reading(state.id) as db:
        assert await db.fetchval("SELECT next_try <= clock_timestamp() FROM orders WHERE id = $1", state.id)


async def test_stock_that_stays_pinned_does_not_keep_out_what_can_be_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    product = await a_product()
    waiting, _ = await at_the_page(product.variant_id)
    with provider(Scripted()):
        paid = await an_order({product.variant_id: 1})
    await _pinned_for(product.variant_id, {waiting.id: 20 * YEAR, paid.id: 15 * YEAR})
    monkeypatch.setattr(operations, "SWEEP", 1)

    for _ in range(2):
        await operations.sweep_pinned(bucket_of(product.variant_id))

    assert await reservations_of(paid.id, product.variant_id) == [CLAIMED]
    assert await reservations_of(waiting.id, product.variant_id) == [PINNED]


async def test_what_cannot_be_settled_keeps_nobody_waiting_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    product = await a_product(variants=[{"stock": 5}])
    with provider(Scripted()):
        lost, paid = [await an_order({product.variant_id: 1}) for _ in range(2)]
    await _pinned_for(product.variant_id, {lost.id: 20 * YEAR, paid.id: 15 * YEAR})
    await _pinned_again(product.variant_id)
    state = operations.queries.state

    async def away(order_id: UUID):
        if order_id == lost.id:
            raise Busy
        return await state(order_id)

    monkeypatch.setattr(operations.queries, "state", away)
    monkeypatch.setattr(operations, "SWEEP", 1)
    for _ in range(2):
        await operations.sweep_pinned(bucket_of(product.variant_id))

    assert await reservations_of(paid.id, product.variant_id) == [CLAIMED]
    assert await reservations_of(lost.id, product.variant_id) == [PINNED]


async def _pinned_again(variant_id: UUID) -> None:
    """As if a power cut had undone their claims."""
    async with writing(variant_id) as db:
        await db.execute("UPDATE reservation SET state = $2 WHERE variant_id = $1", variant_id, PINNED)


async def _pinned_for(variant_id: UUID, ages: dict[UUID, float]) -> None:
    """These orders' holds would have run out so many seconds ago."""
    async with writing(variant_id) as db:
        for order_id, age in ages.items():
            await db.execute(
                "UPDATE reservation SET expires_at = clock_timestamp() - $2::interval WHERE order_id = $1",
                order_id, seconds(age),
            )  # fmt: skip

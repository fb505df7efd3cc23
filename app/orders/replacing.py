"""An order takes the place of unpaid ones: of its cart as it was before, and of a guest's cart that came into it.

They are paid for together or not at all, so the new one asks for no money before each of the others is really over.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.db.engines import writing
from app.inventory import operations as inventory
from app.inventory import queries as stock
from app.orders import money, queries, steps
from app.orders.state import ENDING, State
from app.payments import operations as payments


async def earlier_of(state: State) -> list[State]:
    """The orders whose place it takes, where they stand now."""
    return [before for id in state.replaces if (before := await queries.state(id))]


async def lacking(state: State, wanted: Sequence[tuple[UUID, int, str]]) -> tuple[UUID, int, str] | None:
    """The first of these goods of which there are not enough even with all that the earlier orders hold."""
    goods = {id: units for id, units, title in wanted if title}
    short = await stock.too_few(goods, besides=[state.id, *state.replaces]) if goods else {}
    return next((each for each in wanted if each[0] in short), None)


async def make_way(state: State, earlier: Sequence[State]) -> bool:
    """None of the earlier orders will be paid any more, and what they held is free.

    False when one was paid meanwhile, which ends the new one, or when nobody knows yet: then that waits for whoever
    drives it on.
    """
    for before in earlier:
        left = before if before.is_paid else await give_up(before.id, "replaced")
        if left is None or not left.may_end_paid:
            continue
        if left.is_paid:
            await steps.reject(state, "paid_before", note=f"Order {left.number} was paid meanwhile.")
        else:
            await _wait_for(state, left)
        return False
    return True


async def _wait_for(state: State, earlier: State) -> None:
    """Its page and its history say why it stands still; once."""
    if state.reason == ENDING:
        return
    async with writing(state.id, step="wait") as db:
        turn = steps.Turn(to="placing", kind=ENDING, note=earlier.number, reason=ENDING)
        await steps.move(db, state, turn)


async def give_up(order_id: UUID, reason: str) -> State | None:
    """An order nobody will pay any more is over, its stock free at once. One that turns out to be paid stays placed.

    Returns where it stands then: as long as the provider says nothing, it may still be paid.
    """
    state = await queries.state(order_id)
    if state and state.status == "placing":
        await steps.reject(state, reason)
        state = await queries.state(order_id)  # its driver may have been quicker
    if state and state.status == "awaiting_payment" and state.attempt and state.attempt.alive:
        await close(state, reason)
    await steps.cancel(order_id, reason)
    return await let_go(order_id)


async def close(state: State, reason: str = "unpaid") -> None:
    """Its attempt is over, as far as the provider says so, and the order with it; staff are told when that takes too long."""
    attempt = state.attempt
    assert attempt is not None
    answer = await payments.close(attempt)
    if attempt.over and isinstance(answer, payments.Unknown):
        await money.tell_unclear(attempt, answer.why)
    await steps.settle(attempt, answer, over=reason)


async def let_go(order_id: UUID) -> State | None:
    """What an order that is over has reserved is free at once, not only when its `ReleaseStock` is handled."""
    state = await queries.state(order_id)
    if state and not state.may_end_paid:
        await inventory.release(state.reservations)
    return state

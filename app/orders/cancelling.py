"""A placed order is undone: by staff, whole or in part, or by the shopper, whole, while nobody has begun to pack it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import UUID

import msgspec

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.orders import money, queries, refunding, rules, steps
from app.orders.events import OrderChanged, PutBack, ReleaseStock, SendCancelled, SendPartCancelled
from app.orders.queries import State
from app.orders.refunding import Part, Refunding
from app.orders.shipping import SentBefore
from app.payments import operations as payments
from app.settings import settings
from app.values import Refusal, seconds

RECENT = """
    SELECT coalesce(placed_at > clock_timestamp() - $2::interval, false) FROM orders o WHERE id = $1 AND (shopper_id = $3
        OR EXISTS (SELECT FROM order_reader r WHERE r.order_id = o.id AND r.shopper_id = $3))
"""
DROPPED = "UPDATE order_line SET cancelled = quantity, refunded = quantity WHERE order_id = $1 AND shipped = 0"


LEFT = """
    SELECT id, quantity - refunded AS units, json_build_object('total', line_total, 'quantity', quantity, 'before', refunded,
        'units', quantity - refunded) AS of
    FROM order_line WHERE order_id = $1 AND refunded < quantity ORDER BY id
"""


class NotToBeCancelled(Refusal):
    say = "This order can't be cancelled any more: part of it is on its way, or it is over."


class NothingToCancel(Refusal):
    say = "Say how many units of which line can't be sent."
    status = 422


class BeingTaken(Refusal):
    say = "The money for this order is being taken. Please try again in a moment."


class NothingWouldBePaid(Refusal):
    say = "What would be left costs nothing, and nothing can't be taken from a card. Cancel the whole order instead."


class TooLateToCancel(Refusal):
    say = "It is too late to cancel this order here. Please write to us, or return what you don't want when it arrives."


async def cancel_placed(order_id: UUID, note: str = "") -> None:
    """Staff cancel an order of which nothing was sent, or whose payment waits for them; again changes nothing. Raises NotToBeCancelled.

    The money goes back untaken or is refunded, the stock goes back on the shelf. Emits PutBack, SendCancelled, OrderChanged.
    """
    async with writing(order_id, step="undo") as db:
        state = await queries.read_state(db, order_id, lock=True)
        if state and state.is_unclear:
            await _let_go(db, state, note)
        else:
            await _cancel(db, state, reason="staff", note=note)


async def _let_go(db: Database, state: State, note: str) -> None:
    """Nobody knows what was paid for it: it is over, and whatever is set aside is the shopper's again."""
    assert state.attempt is not None
    await payments.let_go(db, state.attempt)
    turn = steps.Turn(to="cancelled", attempt="expired", kind="cancelled", reason="staff", note=note)
    await steps.move(db, state, turn)
    await emit(ReleaseStock(order_id=state.id), SendCancelled(order_id=state.id), OrderChanged(order_id=state.id))


async def cancel_part(order_id: UUID, lines: Mapping[UUID, int], *, reason: str, key: UUID) -> None:
    """Units that were not sent never will be, once for each key: what was not taken for them never is, what was goes back.

    Their promotions stay used: the rest of the order still has its discount. With its last unit the whole order is cancelled.

    Emits PutBack, OrderChanged, and SendPartCancelled or RefundPayment. Raises NotToBeCancelled, NothingToCancel, NotThatManyLeft,
    BeingTaken, NothingWouldBePaid, SentBefore.
    """
    ask = Refunding(lines=lines, amount=None, reason=reason, restock=True, of="unsent")
    async with writing(order_id, step="cancel_part") as db:
        state = await queries.read_state(db, order_id, lock=True)
        if not await _is_first(db, ask, key):
            return
        attempt = state.attempt if state and state.status == "placed" else None
        if attempt is None or attempt.frozen or attempt.voiding:
            raise NotToBeCancelled
        if not lines:
            raise NothingToCancel
        if attempt.status == "captured":
            await refunding.refund_within(db, order_id, ask, key=key)
        elif attempt.capturing:
            raise BeingTaken
        else:
            await _leave_out(db, order_id, ask)


async def _is_first(db: Database, ask: Refunding, key: UUID) -> bool:
    """False for a form that was sent before. Raises SentBefore if it then said something else."""
    said = hashlib.sha256(msgspec.json.encode(sorted((str(id), units) for id, units in ask.lines.items())))
    first = await payments.heard_first(db, f"cancel_part:{key}")
    if await payments.heard_first(db, f"cancel_part:{key}:{said.hexdigest()}") is not first:
        raise SentBefore
    return first


async def _leave_out(db: Database, order_id: UUID, ask: Refunding) -> None:
    """Less is due: the units go back on the shelf, and only the rest is taken when it is sent."""
    parts = await refunding.give_up_units(db, order_id, ask, untaken=True)
    told = "; ".join(f"{part.units} × {part.title}" for part in parts)
    await money.tell(db, order_id, "part_cancelled", f"{told}. {ask.reason}")
    state = await queries.read_state(db, order_id)
    assert state is not None
    if not state.to_come:
        await money.close_if_done(db, order_id)
    elif state.due <= 0:
        raise NothingWouldBePaid
    else:
        await emit(SendPartCancelled(order_id=order_id, units=dict(ask.lines), reason=ask.reason))


async def cancel_own(shopper_id: UUID, order_id: UUID) -> None:
    """The shopper cancels their own order, or one they opened, soon enough after placing it. Raises TooLateToCancel, NotToBeCancelled."""
    async with writing(order_id, step="undo") as db:
        state = await queries.read_state(db, order_id, lock=True)
        soon = await db.fetchval(RECENT, order_id, seconds(settings().cancel_seconds), shopper_id)
        if state is None or soon is None:
            raise NotToBeCancelled
        if state.status == "placed" and not soon:
            raise TooLateToCancel
        if state.status != "placing":
            await _cancel(db, state, reason="shopper", note="")
    if state.status == "placing":  # unless its driver is quicker now; its stock follows when its shard is there
        await steps.reject(state, "withdrawn")


async def _cancel(db: Database, state: State | None, *, reason: str, note: str) -> None:
    if state and state.status == "cancelled":
        return
    turn = steps.Turn(to="cancelled", kind="cancelled", reason=reason, note=note)
    if state is None or state.status != "placed" or state.shipped or not await steps.move(db, state, turn):
        raise NotToBeCancelled
    await _note_refund(db, state)
    if await db.execute(DROPPED, state.id) != len(state.lines):
        raise NotToBeCancelled
    back = [(line.variant_id, line.quantity - line.cancelled) for line in state.lines]
    await emit(
        *(PutBack(order_id=state.id, variant_id=id, quantity=units) for id, units in back if units),
        SendCancelled(order_id=state.id),
        OrderChanged(order_id=state.id),
    )


async def _note_refund(db: Database, state: State) -> None:
    """If money goes back for it: for every unit whose money has not gone back before."""
    refund_id = await db.fetchval("SELECT id FROM refund WHERE key = $1", state.id)
    parts = [
        Part(line_id=line["id"], units=line["units"], amount=rules.part_of(**line["of"]))
        for line in (await db.fetch(LEFT, state.id) if refund_id else ())
    ]
    await refunding.note_parts(db, refund_id, parts)

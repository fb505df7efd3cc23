"""A placed order is undone, whole: by staff, or by the shopper while nobody has begun to pack it."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.orders import queries, refunding, rules, steps
from app.orders.events import OrderChanged, PutBack, SendCancelled
from app.orders.queries import State
from app.orders.refunding import Part
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


class TooLateToCancel(Refusal):
    say = "It is too late to cancel this order here. Please write to us, or return what you don't want when it arrives."


async def cancel_placed(order_id: UUID, note: str = "") -> None:
    """Staff cancel an order of which nothing was sent; cancelling it again changes nothing. Raises NotToBeCancelled.

    The money goes back untaken or is refunded, the stock goes back on the shelf. Emits PutBack, SendCancelled, OrderChanged.
    """
    async with writing(order_id, step="undo") as db:
        await _cancel(db, await queries.read_state(db, order_id, lock=True), reason="staff", note=note)


async def cancel_own(shopper_id: UUID, order_id: UUID) -> None:
    """The shopper cancels their own order, or one they opened, soon enough after placing it. Raises TooLateToCancel, NotToBeCancelled."""
    async with writing(order_id, step="undo") as db:
        state = await queries.read_state(db, order_id, lock=True)
        soon = await db.fetchval(RECENT, order_id, seconds(settings().cancel_seconds), shopper_id)
        if state is None or soon is None:
            raise NotToBeCancelled
        if state.status == "placed" and not soon:
            raise TooLateToCancel
        await _cancel(db, state, reason="shopper", note="")


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

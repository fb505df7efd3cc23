"""What the provider did with a placed order's money becomes true: each one transaction, its history and its derived status."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.logs import log
from app.orders import queries, steps
from app.orders.events import IssueInvoice, OrderChanged, SendCancelled, SendRefunded
from app.orders.queries import State
from app.payments import operations as payments
from app.payments.operations import Cancelled, Returned, Taken
from app.payments.queries import Attempt
from app.values import Refusal, bucket_of, new_id

# A refund that failed leaves its units to be refunded again; one that was done after all takes them back.
FREED = """
    UPDATE order_line l SET refunded = greatest(l.refunded - p.quantity, 0)
    FROM refund_line p WHERE p.refund_id = $1 AND l.id = p.order_line_id
"""
TAKEN = """
    UPDATE order_line l SET refunded = least(l.refunded + p.quantity, l.quantity)
    FROM refund_line p WHERE p.refund_id = $1 AND l.id = p.order_line_id
"""


async def captured(order_id: UUID, attempt_id: UUID, answer: Taken) -> None:
    """The order is paid, or frozen when the capture failed; once, however often it is heard."""
    async with writing(order_id, step="captured") as db:
        state = await queries.read_state(db, order_id, lock=True)
        attempt = await payments.record_capture(db, attempt_id, answer)
        if attempt and attempt.frozen:
            await tell(db, order_id, "payment_frozen", attempt.frozen)
            if state and state.status == "cancelled":  # a person has decided already
                await payments.return_money(db, order_id, key=order_id, reason="cancelled")
        elif attempt:
            await tell(db, order_id, "captured", payments.in_words(attempt.captured, attempt.currency))
            if state and state.status == "placed":  # money of a cancelled one only goes back
                await emit(IssueInvoice(order_id=order_id))
            await close_if_done(db, order_id)


async def voided(order_id: UUID, attempt_id: UUID, answer: Cancelled) -> None:
    """What was set aside is the shopper's again; what had been taken after all is about to be refunded."""
    async with writing(order_id, step="voided") as db:
        await queries.read_state(db, order_id, lock=True)
        attempt = await payments.record_void(db, attempt_id, answer)
        if attempt and attempt.captured:
            await tell(db, order_id, "payment_late", payments.in_words(attempt.captured, attempt.currency))
        elif attempt:
            await tell(db, order_id, "voided")


async def refund_settled(order_id: UUID, refund_id: UUID, answer: Returned) -> None:
    """A refund is done, failed, or still unknown; once, however often it is heard."""
    async with writing(order_id, step="refunded") as db:
        await queries.read_state(db, order_id, lock=True)
        refund = await payments.record_refund(db, refund_id, answer)
        if refund and refund.status in ("done", "failed"):
            await settled(db, refund)


async def settled(db: Database, refund: payments.Refund) -> None:
    """Money went back, did not, or came back: from a bank, days later. Its units follow, its papers and a mail are due."""
    words = payments.in_words(refund.amount, refund.currency)
    came_back = refund.status == "failed" and refund.was == "done"
    if refund.status == "failed":
        await db.execute(FREED, refund.id)
        kind = "refund_returned" if came_back else "refund_failed"
        await tell(db, refund.order_id, kind, f"{words}: {refund.error}")
    else:
        if refund.was == "failed":
            await db.execute(TAKEN, refund.id)
        await tell(db, refund.order_id, "refunded", words)
    if came_back or refund.status == "done":
        await emit(SendRefunded(order_id=refund.order_id, refund_id=refund.id, came_back=came_back))


async def look_at_refund(attempt: Attempt, refund_id: UUID, message_id: str) -> None:
    """The provider has news of a refund: its job looks it up. A message is acted on once."""
    async with writing(attempt.order_id, step="look_at_refund") as db:
        if await payments.heard_first(db, message_id):
            await payments.look_again(db, attempt.order_id, refund_id)


async def count_on_page(attempt: Attempt, message_id: str) -> State | None:
    """A card was declined on a page that stays open: counted once, however often it is heard. The order."""
    async with writing(attempt.order_id, step="count_on_page") as db:
        state = await queries.read_state(db, attempt.order_id)
        if state and await payments.heard_first(db, message_id):
            await steps.count_decline(db, state, new_id(bucket_of(attempt.id)))
        return state


async def tell_unclear(attempt: Attempt, why: str) -> None:
    """The time is over and the provider does not say what became of a payment: asked on, and staff are told, once."""
    async with writing(attempt.order_id, step="unclear") as db:
        if await payments.heard_first(db, f"unclear:{attempt.id}"):
            log.error(
                "what became of a payment is unclear", attempt=str(attempt.id), order=str(attempt.order_id), why=why
            )
            await steps.note_event(db, attempt.order_id, "payment_unclear", why[:200])
            await emit(OrderChanged(order_id=attempt.order_id))


class NotFrozen(Refusal):
    say = "There is no capture to be tried again: somebody was faster, or the money has come."


async def capture_again(order_id: UUID) -> None:
    """Staff have seen why the capture failed: it is asked for once more, and nothing is sent meanwhile. Raises NotFrozen."""
    async with writing(order_id, step="capture_again") as db:
        state = await queries.read_state(db, order_id, lock=True)
        attempt = await payments.capture_again(db, order_id, state.due) if state and state.status == "placed" else None
        if attempt is None:
            raise NotFrozen
        await tell(db, order_id, "capture_retried", payments.in_words(attempt.capturing, attempt.currency))


async def tell(db: Database, order_id: UUID, kind: str, note: str = "") -> None:
    """The order's derived statuses follow its attempt and its parcels, its history says why, and staff see both."""
    state = await queries.read_state(db, order_id)
    assert state is not None
    await db.execute(
        "UPDATE orders SET payment_status = $2, fulfilment_status = $3, version = version + 1 WHERE id = $1",
        order_id,
        *state.derived(state.status),
    )
    await steps.note_event(db, order_id, kind, note)
    await emit(OrderChanged(order_id=order_id))


async def close_if_done(db: Database, order_id: UUID) -> None:
    """A placed order with nothing to come is `closed` once its money was taken, whichever came last.

    It is `cancelled` if nothing of it was ever sent: then delivery, too, goes back. Emits SendCancelled.
    """
    state = await queries.read_state(db, order_id)
    if state is None or state.status != "placed" or state.to_come:
        return
    if not state.shipped:
        await steps.move(db, state, steps.Turn(to="cancelled", kind="cancelled", reason="staff"))
        await emit(SendCancelled(order_id=order_id))
    elif state.attempt and state.attempt.status == "captured":
        await steps.move(db, state, steps.Turn(to="closed", kind="closed"))


async def close(order_id: UUID) -> None:
    """The same for an order that nothing happens to any more. Twice is once."""
    async with writing(order_id, step="close") as db:
        await queries.read_state(db, order_id, lock=True)
        await close_if_done(db, order_id)

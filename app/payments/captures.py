"""Taking what was set aside, or giving it back untaken: asked for in the transaction that decides, done by jobs."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import Database
from app.db.outbox import emit
from app.logs import log
from app.payments import queries
from app.payments.events import CapturePayment, VoidPayment
from app.payments.gateway import Cancelled, Captured, Failed, Taken, Unknown, Voided
from app.payments.minor import in_words
from app.payments.providers import asked, charge_of, gateway_of
from app.payments.queries import Attempt
from app.payments.refunds import insert_refund, left_of
from app.values import Refusal

PAID = "SELECT id FROM payment_attempt WHERE order_id = $1 AND status IN ('authorised', 'captured') FOR UPDATE"


class CannotCapture(Refusal):
    say = "This amount is not set aside for the order any more."


async def request_capture(db: Database, order_id: UUID, amount: int, *, delay: float = 0) -> Attempt:
    """`amount` of what is set aside for the order is to be taken, in the caller's transaction; the rest goes back.

    Once for each order: the same amount again changes nothing. Emits CapturePayment, due in `delay` seconds. Raises CannotCapture, also once it failed.
    """
    attempt = await _paid(db, order_id)
    if attempt is None or attempt.frozen:
        raise CannotCapture
    if attempt.capturing == amount > 0:
        return attempt
    if attempt.capturing or attempt.voiding or not 0 < amount <= attempt.amount:
        raise CannotCapture
    await db.execute(
        "UPDATE payment_attempt SET capturing = $2, updated_at = clock_timestamp() WHERE id = $1", attempt.id, amount
    )
    await emit(CapturePayment(order_id=order_id, attempt_id=attempt.id), delay=delay)
    return attempt


async def capture_again(db: Database, order_id: UUID, amount: int) -> Attempt | None:
    """What a person has looked at is asked for once more, in the caller's transaction: what was asked for, or else `amount`.

    None when nothing is frozen.

    Emits CapturePayment.
    """
    attempt = await _paid(db, order_id)
    if attempt is None or attempt.status != "authorised" or not attempt.frozen or attempt.voiding:
        return None
    sql = (
        "UPDATE payment_attempt SET frozen = '', capturing = coalesce(nullif(capturing, 0), $2), updated_at = clock_timestamp()"
        " WHERE id = $1"
    )
    await db.execute(sql, attempt.id, amount)
    await emit(CapturePayment(order_id=order_id, attempt_id=attempt.id))
    return await queries.known(db, attempt.id)


async def take_nothing(db: Database, order_id: UUID) -> None:
    """An attempt over nothing brings all it will with its authorisation, in the caller's transaction."""
    sql = "UPDATE payment_attempt SET status = 'captured' WHERE order_id = $1 AND status = 'authorised' AND amount = 0"
    await db.execute(sql, order_id)


async def return_money(db: Database, order_id: UUID, *, key: UUID, reason: str) -> str | None:
    """Nothing is to be paid for the order: what is set aside is voided, what was taken refunded, in the caller's transaction.

    What a failed capture left frozen counts as set aside: a person has decided. Repeating it is harmless.
    Says which of the two began, `void` or `refund`; None when there is nothing (more) to give back.
    """
    attempt = await _paid(db, order_id)
    if attempt is None or attempt.voiding:
        return None
    if not attempt.capturing or (attempt.frozen and not attempt.captured):
        await db.execute(
            "UPDATE payment_attempt SET voiding = true, capturing = 0, frozen = '', updated_at = clock_timestamp()"
            " WHERE id = $1",
            attempt.id,
        )
        await emit(VoidPayment(order_id=order_id, attempt_id=attempt.id))
        return "void"
    left = await left_of(db, attempt, attempt.capturing)  # its refund waits for a capture that is under way
    if left:
        await insert_refund(db, attempt, left, key=key, reason=reason)
    return "refund" if left else None


async def let_go(db: Database, attempt: Attempt) -> None:
    """Money of another amount than asked for is the shopper's again, in the caller's transaction: a person has decided.

    Emits VoidPayment; of an attempt that is not frozen before it was paid nothing changes.
    """
    moved = await db.execute(
        "UPDATE payment_attempt SET status = 'expired', frozen = '', voiding = true, updated_at = clock_timestamp()"
        " WHERE id = $1 AND status = 'unknown' AND frozen <> ''",
        attempt.id,
    )
    if moved:
        await emit(VoidPayment(order_id=attempt.order_id, attempt_id=attempt.id))


async def _paid(db: Database, order_id: UUID) -> Attempt | None:
    id = await db.fetchval(PAID, order_id)
    return await queries.known(db, id) if id else None


async def capture(attempt_id: UUID) -> Taken:
    """What the provider says when asked for the money. Asking again asks once. Raises LookupError for no such attempt."""
    attempt = await queries.attempt(attempt_id)
    if attempt is None:
        raise LookupError(attempt_id)
    if attempt.captured or not attempt.capturing:
        return Captured(amount=attempt.captured)
    return await asked(gateway_of(attempt).capture(charge_of(attempt), attempt.capturing))


async def cancel(attempt_id: UUID) -> Cancelled:
    """What the provider says when asked to let the money go. Asking again asks once."""
    attempt = await queries.attempt(attempt_id)
    if attempt is None:
        raise LookupError(attempt_id)
    return await asked(gateway_of(attempt).cancel(charge_of(attempt))) if attempt.voiding else Voided()


async def record_capture(db: Database, attempt_id: UUID, answer: Taken) -> Attempt | None:
    """The attempt is `captured`, in the caller's transaction; `frozen` when that failed. None when that changes nothing."""
    attempt = await queries.known(db, attempt_id, lock=True)
    if attempt is None or attempt.status != "authorised" or not attempt.capturing or attempt.frozen:
        return None
    if isinstance(answer, Unknown):
        return None
    if isinstance(answer, Failed):
        return await freeze(db, attempt, f"The capture failed: {answer.reason}")
    if answer.amount != attempt.capturing:
        told = f"{in_words(attempt.capturing, attempt.currency)} was to be captured, {in_words(answer.amount, attempt.currency)} was."
        return await freeze(db, attempt, told)
    sql = "UPDATE payment_attempt SET status = 'captured', captured = $2, updated_at = clock_timestamp() WHERE id = $1"
    await db.execute(sql, attempt_id, answer.amount)
    return await queries.known(db, attempt_id)


async def record_void(db: Database, attempt_id: UUID, answer: Cancelled) -> Attempt | None:
    """The attempt is `voided`, in the caller's transaction. Money that had been taken after all is refunded instead."""
    attempt = await queries.known(db, attempt_id, lock=True)
    if attempt is None or not attempt.voiding or attempt.status == "voided" or isinstance(answer, Unknown):
        return None
    if isinstance(answer, Captured):
        return await _taken_meanwhile(db, attempt, answer.amount)
    sql = "UPDATE payment_attempt SET status = 'voided', updated_at = clock_timestamp() WHERE id = $1"
    await db.execute(sql, attempt_id)
    return await queries.known(db, attempt_id)


async def _taken_meanwhile(db: Database, attempt: Attempt, amount: int) -> Attempt | None:
    """An attempt that is over keeps its status: another one of the order may be alive."""
    log.error("money was taken that nobody asked for", attempt=str(attempt.id), amount=amount)
    sql = (
        "UPDATE payment_attempt SET voiding = false, amount = greatest(amount, $2), capturing = $2, captured = $2,"
        " status = CASE status WHEN 'authorised' THEN 'captured' ELSE status END WHERE id = $1"
    )
    await db.execute(sql, attempt.id, amount)
    if await left_of(db, attempt, amount):  # else the refund that waited for its capture is of just this
        await insert_refund(db, attempt, amount, key=attempt.id, reason="taken after the order was over")
    return await queries.known(db, attempt.id)


async def freeze(db: Database, attempt: Attempt, why: str) -> Attempt | None:
    """Only a person decides what happens to the attempt now."""
    log.error("payment frozen", attempt=str(attempt.id), order=str(attempt.order_id), why=why)
    sql = "UPDATE payment_attempt SET frozen = $2, updated_at = clock_timestamp() WHERE id = $1"
    await db.execute(sql, attempt.id, why)
    return await queries.known(db, attempt.id)

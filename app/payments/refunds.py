"""Giving back what was taken: opened in the transaction that decides, done by a job, once for each key."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.logs import log
from app.payments import queries, rules
from app.payments.events import RefundPayment
from app.payments.gateway import Closed, Failed, Refunded, Returned, Unknown
from app.payments.providers import asked, charge_of, gateway_of
from app.payments.queries import Attempt, Refund
from app.values import Refusal, bucket_of, new_id

CAPTURED = "SELECT id FROM payment_attempt WHERE order_id = $1 AND captured > 0 ORDER BY (status = 'captured') DESC, number DESC LIMIT 1 FOR UPDATE"
COUNTED = (
    "SELECT coalesce(sum(amount), 0)::bigint FROM refund WHERE order_id = $1 AND attempt_id = $2 AND status <> 'failed'"
)


DISPUTED = "The customer disputes this payment, so their bank decides: what is refunded besides would go back twice."


class CannotRefund(Refusal):
    say = "That is more than what was taken and has not been given back."


class NotCapturedYet(Exception):
    """The capture of what is to be refunded is still under way: ask again later."""


async def open_refund(db: Database, order_id: UUID, amount: int, *, key: UUID, reason: str) -> Refund:
    """`amount` of what was captured goes back, in the caller's transaction; the same key again gives the same refund.

    Emits RefundPayment. Raises CannotRefund for more than what was captured and not refunded, or for another's key.
    """
    attempt_id = await db.fetchval(CAPTURED, order_id)  # the row's lock: no two refunds count the same money
    known = await _by_key(db, key)
    if known:
        if (known.order_id, known.amount) != (order_id, amount):
            raise CannotRefund("This refund was asked for before, with another amount.")
        return known
    attempt = await queries.known(db, attempt_id) if attempt_id else None
    if attempt is None or not 0 < amount <= await left_of(db, attempt, attempt.captured):
        raise CannotRefund
    if attempt.disputed:
        raise CannotRefund(DISPUTED)
    return await insert_refund(db, attempt, amount, key=key, reason=reason)


async def refundable(db: Database, order_id: UUID) -> int:
    """What was taken for the order and is not going back, under its attempt's lock. Raises CannotRefund when nothing was taken."""
    attempt_id = await db.fetchval(CAPTURED, order_id)
    attempt = await queries.known(db, attempt_id) if attempt_id else None
    if attempt is None:
        raise CannotRefund
    return await left_of(db, attempt, attempt.captured)


async def left_of(db: Database, attempt: Attempt, taken: int) -> int:
    """What of `taken` is not refunded or about to be."""
    return taken - int(await db.fetchval(COUNTED, attempt.order_id, attempt.id))


async def insert_refund(db: Database, attempt: Attempt, amount: int, *, key: UUID, reason: str) -> Refund:
    """The refund's row and its event. Whoever calls this holds the attempt's lock and has counted."""
    row = await db.fetchrow(
        "INSERT INTO refund (id, order_id, attempt_id, key, amount, currency, reason, before) SELECT $1, $2::uuid, $3::uuid, $4, $5, $6, $7,"  # noqa: S608
        " (SELECT coalesce(sum(amount), 0) FROM refund WHERE order_id = $2 AND attempt_id = $3 AND status <> 'failed')"
        f" ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key RETURNING {queries.REFUND}",
        new_id(bucket_of(attempt.id)), attempt.order_id, attempt.id, key, amount, attempt.currency, reason[:200],
    )  # fmt: skip
    assert row is not None
    await emit(RefundPayment(order_id=attempt.order_id, refund_id=row["id"]))
    return Refund(**row)


async def look_again(db: Database, order_id: UUID, refund_id: UUID) -> None:
    """A refund's job runs once more, in the caller's transaction; nothing happens for a refund the order does not have."""
    if await db.fetchval("SELECT 1 FROM refund WHERE id = $1 AND order_id = $2", refund_id, order_id):
        await emit(RefundPayment(order_id=order_id, refund_id=refund_id))


async def _by_key(db: Database, key: UUID) -> Refund | None:
    row = await db.fetchrow(f"SELECT {queries.REFUND} FROM refund WHERE key = $1", key)  # noqa: S608
    return Refund(**row) if row else None


async def give_back(refund_id: UUID) -> Returned:
    """What the provider says of a refund, asked for under one key as long as it knows that, later only looked up.

    Raises NotCapturedYet, or LookupError for no such refund.
    """
    refund = await queries.refund(refund_id)
    attempt = await queries.attempt(refund.attempt_id) if refund else None
    if refund is None or attempt is None:
        raise LookupError(refund_id)
    if attempt.status == "voided" or (attempt.frozen and not attempt.captured):
        return Failed(reason="Nothing was captured that could go back.")
    if not attempt.captured:
        raise NotCapturedYet(refund_id)
    if refund.status in ("done", "failed") or refund.asked_for > gateway_of(attempt).key_seconds:
        return _settled(refund, await _looked_up(refund, attempt))
    await _intend(refund)
    answer = await asked(
        gateway_of(attempt).refund(charge_of(attempt, before=refund.before), refund.amount, key=refund.id)
    )
    if not isinstance(answer, Unknown):
        return answer
    found = await _looked_up(refund, attempt)
    return (
        answer if isinstance(found, Closed) else found
    )  # it may still begin: never called failed while its key is good


async def _looked_up(refund: Refund, attempt: Attempt) -> Returned:
    return await asked(gateway_of(attempt).look_up_refund(charge_of(attempt), key=refund.id))


def _settled(refund: Refund, found: Returned) -> Returned:
    if isinstance(found, Closed):
        return Failed(reason=refund.error or "The provider has no such refund.")
    return found


async def _intend(refund: Refund) -> None:
    """Committed before the provider is asked. `sent_at` stays that of the first time: the key's life counts from there."""
    async with writing(refund.id, step="refund_intent") as db:
        await db.execute(
            "UPDATE refund SET status = 'sending', sent_at = coalesce(sent_at, clock_timestamp()),"
            " updated_at = clock_timestamp() WHERE id = $1 AND status IN ('created', 'sending', 'unknown')",
            refund.id,
        )


async def record_refund(db: Database, refund_id: UUID, answer: Returned) -> Refund | None:
    """The refund says what the provider said, in the caller's transaction. None when that changes nothing."""
    row = await db.fetchrow(f"SELECT {queries.REFUND} FROM refund WHERE id = $1 FOR UPDATE", refund_id)  # noqa: S608
    if row is None:
        return None
    refund = Refund(**row)
    status = rules.refund_after(answer, refund.amount)
    if status not in rules.NEXT_REFUND.get(refund.status, ()):
        return None
    error = answer.reason if isinstance(answer, Failed) else ""
    if isinstance(answer, Refunded) and status == "unknown":
        error = f"{answer.amount} went back instead of {refund.amount}"
        log.error("refund of another amount", refund=str(refund_id), why=error)
    await db.execute(
        "UPDATE refund SET status = $2, reference = coalesce(nullif($3, ''), reference), error = $4,"
        " updated_at = clock_timestamp() WHERE id = $1",
        refund_id, status, getattr(answer, "reference", ""), error,
    )  # fmt: skip
    return msgspec.structs.replace(refund, status=status, error=error, was=refund.status)

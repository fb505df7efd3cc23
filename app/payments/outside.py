"""What was done with a payment at the provider itself, by somebody there or by the customer's bank."""

from __future__ import annotations

from uuid import UUID, uuid5

import msgspec

from app.db.engines import Database
from app.payments import queries
from app.payments.gateway import Failed, Message, Outside, Refunded, Unknown
from app.payments.providers import asked, charge_of, gateway_of, named
from app.payments.queries import Attempt, Refund
from app.payments.refunds import left_of, record_refund
from app.values import bucket_of, new_id

REASON = "Refunded at the payment provider"
BOOK = """
    INSERT INTO refund (id, order_id, attempt_id, key, amount, before, currency, reason, reference, status, sent_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'sending', clock_timestamp()) ON CONFLICT (key) DO NOTHING
"""
DISPUTED = "UPDATE payment_attempt SET dispute = $2, updated_at = clock_timestamp() WHERE id = $1 AND dispute <> $2"


class Noticed(msgspec.Struct, frozen=True, kw_only=True):
    """What was news. `whole`: false when more went back than is left here, because another refund is under way."""

    refunds: list[Refund]
    dispute: str
    whole: bool


async def whose(provider: str, message: Message) -> UUID | Unknown | None:
    """The attempt that a message is about, asked for where it is named by the provider's own name only."""
    gateway = named(provider)
    if message.attempt_id or not message.reference or gateway is None:
        return message.attempt_id
    return await asked(gateway.attempt_of(message.reference))


async def outside(attempt: Attempt) -> Outside | Unknown:
    """What the provider says was done there, outside any transaction."""
    return await asked(gateway_of(attempt).outside(charge_of(attempt)))


async def record_outside(db: Database, attempt_id: UUID, told: Outside) -> Noticed:
    """Refunds that nobody here asked for have rows, the attempt says how its dispute stands, in the caller's transaction."""
    attempt = await queries.known(db, attempt_id, lock=True)
    if attempt is None or not attempt.captured:
        return Noticed(refunds=[], dispute="", whole=attempt is not None and not told.refunds)
    found, whole = [], True
    for each in told.refunds:
        id = await db.fetchval("SELECT id FROM refund WHERE key = $1", _key(attempt, each))
        if id is None and isinstance(each, Refunded):
            id = await _booked(db, attempt, each)
            whole = whole and id is not None
        moved = await record_refund(db, id, each) if id else None
        found += [moved] if moved else []
    news = told.dispute and await db.execute(DISPUTED, attempt.id, told.dispute)
    return Noticed(refunds=found, dispute=told.dispute if news else "", whole=whole)


async def _booked(db: Database, attempt: Attempt, told: Refunded) -> UUID | None:
    """The row of a refund that is news; None while it is more than is left here: one of ours will turn out to have failed."""
    left, id = await left_of(db, attempt, attempt.captured), new_id(bucket_of(attempt.id))
    if told.amount > left:
        return None
    before = attempt.captured - left
    await db.execute(
        BOOK, id, attempt.order_id, attempt.id, _key(attempt, told), told.amount, before, attempt.currency, REASON, told.reference
    )  # fmt: skip
    return id


def _key(attempt: Attempt, told: Refunded | Failed) -> UUID:
    return uuid5(attempt.id, told.reference)

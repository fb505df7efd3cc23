from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal
from uuid import UUID

from app.db.engines import Database, writing
from app.payments import nothing
from app.payments.captures import (
    CannotCapture,
    cancel,
    capture,
    capture_again,
    let_go,
    record_capture,
    record_void,
    request_capture,
    return_money,
    take_nothing,
)
from app.payments.declines import client_print, count_decline, is_card_testing, refuse_card_testing, sweep_declines
from app.payments.gateway import (
    Answer,
    Cancelled,
    Message,
    Redirect,
    Returned,
    Taken,
    Unknown,
)
from app.payments.minor import in_words
from app.payments.outside import outside, record_outside, whose
from app.payments.providers import PROVIDERS, asked, charge_of, gateway_of, named
from app.payments.queries import COLUMNS, Attempt, Refund, patience
from app.payments.recording import Recorded, record
from app.payments.refunds import (
    CannotRefund,
    NotCapturedYet,
    give_back,
    look_again,
    open_refund,
    record_refund,
    refundable,
)
from app.settings import settings
from app.values import bucket_of, new_id, seconds

__all__ = [
    "PROVIDERS", "Answer", "Cancelled", "CannotCapture", "CannotRefund", "NotCapturedYet", "Recorded", "Refund", "Returned", "Taken",
    "Unknown", "cancel", "capture", "capture_again", "client_print", "count_decline", "give_back", "in_words", "is_card_testing", "let_go", "look_again", "open_refund", "outside", "record", "record_capture", "record_outside", "record_refund",
    "record_void", "refundable", "refuse_card_testing", "request_capture", "return_money", "sweep_declines", "take_nothing", "whose",
]  # fmt: skip


async def open_attempt(
    db: Database, order_id: UUID, amount: int, currency: str, *, status: Literal["created", "sending"] = "created"
) -> Attempt:
    """A new attempt is there in the caller's transaction; no provider ever hears of one over nothing.

    `sending`: the provider is asked as soon as that is committed; else `intend` comes first.

    Raises UniqueViolationError while another is alive.
    """
    row = await db.fetchrow(
        "INSERT INTO payment_attempt (id, order_id, number, amount, currency, provider, until, status, sent_at, begun_at) SELECT $1, $2,"  # noqa: S608
        " 1 + (SELECT count(*) FROM payment_attempt WHERE order_id = $2), $3, $4, $5, clock_timestamp() + $7::interval,"
        " $8::text, CASE WHEN $8::text = 'sending' THEN clock_timestamp() END, CASE WHEN $8::text = 'sending' THEN clock_timestamp() END"
        f" RETURNING {COLUMNS.format(patience='$6')}",
        new_id(bucket_of(order_id)), order_id, amount, currency, settings().payment_provider if amount else nothing.CODE,
        patience(), _undecided(), status,
    )  # fmt: skip
    assert row is not None
    return Attempt(**row)


def _undecided() -> timedelta:
    """How long the same question may be asked again, under the same key, until the provider says how long its page is open."""
    gateway = named(settings().payment_provider)
    return seconds(min(settings().unknown_seconds, gateway.key_seconds if gateway else 0))


async def intend(attempt: Attempt) -> Attempt | None:
    """The attempt is `sending`, committed before anybody talks to the provider. None when somebody else is talking.

    An attempt whose answer never came is sent again under the same key; never a second one.
    """
    async with writing(attempt.id, step="t5") as db:
        row = await db.fetchrow(
            "UPDATE payment_attempt SET status = 'sending', sent_at = clock_timestamp(), updated_at = clock_timestamp(),"  # noqa: S608
            " begun_at = coalesce(begun_at, sent_at, clock_timestamp()) WHERE id = $1 AND (status = 'created'"
            " OR status IN ('sending', 'unknown') AND sent_at < clock_timestamp() - $2::interval)"
            f" RETURNING {COLUMNS.format(patience='$2')}",
            attempt.id,
            patience(),
        )
    return Attempt(**row) if row else None


async def start(attempt: Attempt) -> Answer:
    """Asks the provider for the money, outside any transaction; what became of that, once it has told us its name for it.

    Silence and failure are Unknown.
    """
    if attempt.reference:
        return await look_up(attempt)
    return await asked(gateway_of(attempt).start(charge_of(attempt)))


async def look_up(attempt: Attempt) -> Answer:
    """What the provider's books say of the attempt."""
    return await asked(gateway_of(attempt).look_up(charge_of(attempt)))


async def close(attempt: Attempt) -> Answer:
    """Ends an attempt: what became of it, if that is decided; else the provider will not take this money any more.

    A shopper who pays between the two questions has paid: `void` then answers Authorised.
    """
    answer = await look_up(attempt)
    if isinstance(answer, Redirect | Unknown):
        answer = await asked(gateway_of(attempt).void(charge_of(attempt)))
    return answer


async def withdraw(db: Database, attempt_id: UUID) -> bool:
    """An attempt the provider has never heard of is over, in the caller's transaction. False when it was sent meanwhile."""
    moved = await db.execute(
        "UPDATE payment_attempt SET status = 'expired', updated_at = clock_timestamp() WHERE id = $1 AND status = 'created'",
        attempt_id,
    )
    return moved == 1


def read_message(provider: str, headers: Mapping[str, str], body: bytes) -> Message | None:
    """A webhook's message, or None when no provider of ours has signed it just now."""
    gateway = named(provider)
    return gateway.verify_webhook(headers, body, at=time.time()) if gateway else None


async def heard_first(db: Database, message_id: str) -> bool:
    """Notes a message from outside in the caller's transaction. False when it was acted on before."""
    heard = await db.execute(
        "INSERT INTO inbox (message_id, bucket) VALUES ($1, $2) ON CONFLICT DO NOTHING", message_id, db.bucket
    )
    return heard == 1

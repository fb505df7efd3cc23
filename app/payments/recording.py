"""What the provider said of an attempt becomes true, in the transaction of whoever asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.db.engines import Database
from app.db.outbox import emit
from app.logs import log
from app.payments import rules
from app.payments.captures import freeze
from app.payments.events import VoidPayment
from app.payments.gateway import Answer, Authorised, Closed, Declined, Failed, Redirect
from app.payments.minor import in_words
from app.payments.queries import Attempt, known


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt has moved. `words`: the provider's reason, where it gave one; ours for staff when it is frozen or late."""

    status: str
    words: str = ""


async def record(db: Database, attempt_id: UUID, answer: Answer) -> Recorded | None:
    """The attempt says what the provider said, in the caller's transaction. None when that changes nothing.

    `frozen`: money of another amount than asked for was booked, or what was set aside has lapsed; `late`: money came for an
    attempt that was over, and goes back; `refused`: it ended as `declined`, for a reason that is ours and not the shopper's.
    """
    attempt = await known(db, attempt_id, lock=True)
    if attempt is None:
        return None
    if isinstance(answer, Authorised) and attempt.status in rules.OVER:
        return await _late(db, attempt)
    if isinstance(answer, Closed) and attempt.status == "authorised":
        return await _lapsed(db, attempt)
    wrong = rules.mismatch(answer, attempt.amount, attempt.currency)
    status = rules.status_after(answer, attempt.amount, attempt.currency)
    if not rules.is_news(attempt.status, status, wrong=bool(wrong), frozen=bool(attempt.frozen)):
        return None
    await _write(db, attempt_id, status, answer)
    if wrong:
        await freeze(db, attempt, wrong)
        return Recorded(status="frozen", words=wrong)
    words = answer.reason if isinstance(answer, Declined | Failed) else ""
    return Recorded(status="refused" if isinstance(answer, Failed) else status, words=words)


async def _late(db: Database, attempt: Attempt) -> Recorded | None:
    if attempt.voiding or attempt.captured:
        return None
    log.error("payment came too late", attempt=str(attempt.id), order=str(attempt.order_id))
    await db.execute(
        "UPDATE payment_attempt SET voiding = true, updated_at = clock_timestamp() WHERE id = $1", attempt.id
    )
    await emit(VoidPayment(order_id=attempt.order_id, attempt_id=attempt.id))
    return Recorded(status="late", words=in_words(attempt.amount, attempt.currency))


async def _lapsed(db: Database, attempt: Attempt) -> Recorded | None:
    """The provider has let go of what a placed order relies on: it ran out at the bank, or somebody ended it over there."""
    if attempt.voiding or attempt.frozen:
        return None
    why = "The provider has ended the authorisation: nothing is set aside for this order any more."
    await freeze(db, attempt, why)
    return Recorded(status="frozen", words=why)


async def _write(db: Database, attempt_id: UUID, status: str, answer: Answer) -> None:
    url, until = _page_of(answer)
    await db.execute(
        "UPDATE payment_attempt SET status = $2, reference = coalesce(nullif($3, ''), reference), frozen = '',"
        " redirect_url = coalesce($4, redirect_url), until = coalesce($5, until), updated_at = clock_timestamp()"
        " WHERE id = $1",
        attempt_id, status, getattr(answer, "reference", ""), url, until,
    )  # fmt: skip


def _page_of(answer: Answer) -> tuple[str | None, datetime | None]:
    return (answer.url, answer.until) if isinstance(answer, Redirect) else (None, None)

"""Against the testing of stolen cards: declined payments are counted by shopper and by e-mail address, for a while.

In PostgreSQL, because orders need nothing else: a Redis that is away would have to mean either no orders or no limit.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from uuid import UUID

from app.db.engines import Busy, Database, reading, writing
from app.db.outbox import emit
from app.payments.events import CountDecline
from app.settings import settings
from app.values import MINUTE, Refusal, bucket_of, name_bucket, seconds

KEPT = "2 days"


class TooManyDeclines(Refusal):
    status = 429

    def __init__(self) -> None:
        minutes = round(settings().limit_seconds / MINUTE)
        super().__init__(
            f"Several payments were declined. To protect everybody's cards, please try again in {minutes} minutes."
        )


async def count_decline(db: Database, id: UUID, *, shopper_id: UUID, email: str) -> None:
    """A decline counts against the shopper, in the caller's transaction, and soon against the address. The same `id` counts once."""
    sql = "INSERT INTO decline (id, bucket, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    if await db.execute(sql, id, bucket_of(shopper_id), shopper_id.hex):
        await emit(CountDecline(email=email))


async def count_for_email(row_id: UUID, email: str) -> None:
    """A decline counts against the address. The same row counts once."""
    async with writing(name_bucket(email)) as db:
        sql = "INSERT INTO decline (id, bucket, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        await db.execute(sql, row_id, name_bucket(email), _name(email))


async def refuse_card_testing(shopper_id: UUID, email: str) -> None:
    """Raises TooManyDeclines when this shopper, or this address in whatever browser, has been declined too often."""
    if await is_card_testing(shopper_id, email):
        raise TooManyDeclines


async def is_card_testing(shopper_id: UUID, email: str) -> bool:
    """Whether either has reached the limit within the window. 0 is no limit."""
    most = settings().limit_declines
    if not most:
        return False
    if await _declines(shopper_id, shopper_id.hex) >= most:
        return True
    with suppress(Busy):  # the address lies on any shard; one that is away must not stop shoppers of all others
        return await _declines(name_bucket(email), _name(email)) >= most
    return False


async def _declines(key: UUID | int, name: str) -> int:
    async with reading(key) as db:
        sql = "SELECT count(*) FROM decline WHERE name = $1 AND at > clock_timestamp() - $2::interval"
        return int(await db.fetchval(sql, name, seconds(settings().limit_seconds)))


def _name(email: str) -> str:
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()


async def sweep_declines(bucket: int) -> int:
    """What counts no more is forgotten, on this bucket's shard."""
    async with writing(bucket) as db:
        await db.execute(
            "DELETE FROM decline WHERE id IN (SELECT id FROM decline WHERE at < clock_timestamp() - $1::text::interval LIMIT 1000)",
            KEPT,
        )
    return 0

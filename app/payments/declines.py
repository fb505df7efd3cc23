"""Against the testing of stolen cards: declined payments are counted by shopper and by client, for a while.

Not by the e-mail address: whoever tries cards takes a new one each time, and could lock its owner out with it.

In PostgreSQL, because orders need nothing else: a Redis that is away would have to mean either no orders or no limit.
"""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from uuid import UUID

from app.db.engines import Busy, Database, reading, writing
from app.db.outbox import emit
from app.payments.events import CountDecline
from app.settings import settings
from app.values import MINUTE, Refusal, bucket_of, name_bucket, seconds

KEPT = "2 days"
IN_A_NETWORK = 4  # shoppers whose cards may all be declined: whole offices share an address


class TooManyDeclines(Refusal):
    status = 429

    def __init__(self) -> None:
        minutes = round(settings().limit_seconds / MINUTE)
        super().__init__(
            f"Several payments were declined. To protect everybody's cards, please try again in {minutes} minutes."
        )


async def count_decline(db: Database, id: UUID, *, shopper_id: UUID, client: str) -> None:
    """A decline counts against the shopper, in the caller's transaction, and soon against the client. The same `id` counts once."""
    sql = "INSERT INTO decline (id, bucket, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    if await db.execute(sql, id, bucket_of(shopper_id), shopper_id.hex) and client:
        await emit(CountDecline(client=client))


async def count_for_client(row_id: UUID, client: str) -> None:
    """A decline counts against the client. The same row counts once."""
    async with writing(name_bucket(client)) as db:
        sql = "INSERT INTO decline (id, bucket, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        await db.execute(sql, row_id, name_bucket(client), client)


async def refuse_card_testing(shopper_id: UUID, client: str) -> None:
    """Raises TooManyDeclines when this shopper, or this client under whatever names, has been declined too often."""
    if await is_card_testing(shopper_id, client):
        raise TooManyDeclines


async def is_card_testing(shopper_id: UUID, client: str) -> bool:
    """Whether either has reached its limit within the window. 0 is no limit, and a client without a name has none."""
    most = settings().limit_declines
    if not most:
        return False
    if await _declines(shopper_id, shopper_id.hex) >= most:
        return True
    with suppress(Busy):  # the client's count lies on any shard; one that is away must not stop shoppers of all others
        return bool(client) and await _declines(name_bucket(client), client) >= most * IN_A_NETWORK
    return False


async def _declines(key: UUID | int, name: str) -> int:
    async with reading(key) as db:
        sql = "SELECT count(*) FROM decline WHERE name = $1 AND at > clock_timestamp() - $2::interval"
        return int(await db.fetchval(sql, name, seconds(settings().limit_seconds)))


def client_print(client: str) -> str:
    """A client's fingerprint: without the shop's secret nobody can tell whose it is."""
    key = f"client:{settings().secret}".encode()
    return hmac.new(key, client.encode(), hashlib.sha256).hexdigest() if client else ""


async def sweep_declines(bucket: int) -> int:
    """What counts no more is forgotten, on this bucket's shard."""
    async with writing(bucket) as db:
        await db.execute(
            "DELETE FROM decline WHERE id IN (SELECT id FROM decline WHERE at < clock_timestamp() - $1::text::interval LIMIT 1000)",
            KEPT,
        )
    return 0

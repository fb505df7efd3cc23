"""Orders that should have moved on by themselves."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import reading
from app.settings import settings
from app.values import seconds

STUCK_PLACING = """
    SELECT id FROM orders WHERE status = 'placing' AND created_at < clock_timestamp() - $1::interval
        AND next_try <= clock_timestamp() ORDER BY next_try, created_at LIMIT $2
"""
STUCK_PAYING = """
    SELECT o.id FROM orders o JOIN LATERAL (
        SELECT * FROM payment_attempt WHERE order_id = o.id ORDER BY number DESC LIMIT 1) a ON true
    WHERE o.status = 'awaiting_payment' AND a.frozen = '' AND o.next_try <= clock_timestamp()
        AND a.updated_at < clock_timestamp() - $1::interval AND CASE
        WHEN a.status = 'created' THEN true
        WHEN a.status IN ('sending', 'unknown') THEN a.sent_at < clock_timestamp() - $2::interval
        WHEN a.status = 'requires_action' THEN a.until <= clock_timestamp()
        ELSE a.updated_at < clock_timestamp() - $3::interval END
    ORDER BY o.next_try, a.updated_at LIMIT $4
"""  # `next_try` is set before each try: whoever was tried waits behind the others, and longer each time


async def stuck(bucket: int, most: int) -> list[UUID]:
    """Orders of this bucket's shard that should have moved on by themselves, those first that have waited longest.

    At most `most` that are being placed, and as many that wait for their payment: neither keeps the other out.
    """
    now = settings()
    ages = (now.stuck_seconds, now.provider_timeout + 5, now.hold_seconds)
    async with reading(bucket) as db:
        placing = await db.fetch(STUCK_PLACING, seconds(now.stuck_seconds), most)
        paying = await db.fetch(STUCK_PAYING, *map(seconds, ages), most)
    return [row["id"] for row in [*placing, *paying]]

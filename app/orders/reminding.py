"""Whoever left the payment page without paying is told once where it is: its address is gone with the browser's tab."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import reading, writing
from app.db.outbox import emit
from app.orders import queries
from app.orders.events import SendReminder
from app.orders.state import State
from app.payments import operations as payments
from app.settings import settings
from app.values import MINUTE, seconds

MOST = 50  # orders of a shard that one sweep tells
SPARE = 5.0 * MINUTE  # what must be left of the page's time, or the mail would be no help
LEFT = """
    SELECT o.id FROM orders o JOIN LATERAL (
        SELECT * FROM payment_attempt WHERE order_id = o.id ORDER BY number DESC LIMIT 1) a ON true
    WHERE o.status = 'awaiting_payment' AND a.status = 'requires_action' AND a.until > clock_timestamp() + $2::interval
        AND o.created_at < clock_timestamp() - $1::interval
        AND NOT EXISTS (SELECT FROM inbox WHERE message_id = 'remind:' || o.id::text)
    ORDER BY o.created_at LIMIT $3
"""


async def sweep_unpaid(bucket: int) -> int:
    """Shoppers of this bucket's shard whose payment page has been open for a while are sent its way, once. Returns how many."""
    after = settings().remind_seconds
    if not after:
        return 0
    async with reading(bucket) as db:
        rows = await db.fetch(LEFT, seconds(after), seconds(SPARE), MOST)
    for row in rows:
        async with writing(row["id"], step="remind") as db:
            if await payments.heard_first(db, f"remind:{row['id']}"):
                await emit(SendReminder(order_id=row["id"]))
    return len(rows)


async def waits_at_page(order_id: UUID) -> bool:
    """Whether the order can still be paid on the page that is open for it."""
    state: State | None = await queries.state(order_id)
    attempt = state.attempt if state and state.status == "awaiting_payment" else None
    return attempt is not None and attempt.status == "requires_action" and not attempt.over

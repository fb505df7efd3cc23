"""Whose turn it is, of the orders that a sweep drives on."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import writing
from app.settings import settings
from app.values import seconds

TRY_AGAIN = 600.0  # seconds; the longest wait of an order that the sweeper could not drive on


async def note_try(order_id: UUID) -> None:
    """A sweep is about to drive this order on. Should that fail, or end the process, the others are tried first.

    Each time it waits twice as long, up to TRY_AGAIN; an order that moves starts anew.
    """
    async with writing(order_id, step="try") as db:
        await db.execute(
            "UPDATE orders SET tries = tries + 1, next_try = clock_timestamp() + (0.5 + random() / 2) *"
            " least($2::interval * 2 ^ least(tries, 10), $3::interval) WHERE id = $1",
            order_id, seconds(settings().stuck_seconds), seconds(TRY_AGAIN),
        )  # fmt: skip

"""What was done with an order's money at the provider itself becomes true here: a refund made there, a dispute."""

from __future__ import annotations

from app.db.engines import writing
from app.orders import money, queries
from app.payments import operations as payments
from app.payments.queries import Attempt


class NotAll(Exception):
    """More went back there than is left here: one of our own refunds is under way, and has failed."""


async def look_outside(attempt: Attempt) -> bool:
    """The provider's word on its own doings holds, once, however often it is heard. False when that can't be told now.

    A refund made there has its credit note and its mail like one of ours. While a dispute is open, and once it is lost, nothing
    (more) of the order is sent.
    """
    told = await payments.outside(attempt)
    if isinstance(told, payments.Unknown):
        return False
    try:
        async with writing(attempt.order_id, step="outside") as db:
            await queries.read_state(db, attempt.order_id, lock=True)
            news = await payments.record_outside(db, attempt.id, told)
            if not news.whole:
                raise NotAll
            for refund in news.refunds:
                await money.settled(db, refund)
            if news.dispute:
                await money.tell(db, attempt.order_id, f"dispute_{news.dispute}", told.why)
    except NotAll:
        return False
    return True

"""How much a visitor may put aside without paying: stock that is held for nobody's money can't be bought by others.

What was put aside and let go unpaid counts on for the window: it could be put aside again and again.
"""

from __future__ import annotations

from uuid import UUID

from app.db.engines import reading
from app.orders.promise import Placing
from app.orders.queries import State
from app.payments import operations as payments
from app.settings import settings
from app.values import MINUTE, Refusal, seconds

UNPAID = """
    SELECT count(*) AS orders, coalesce(sum((SELECT sum(quantity) FROM order_line WHERE order_id = o.id)) FILTER (
        WHERE (status IN ('placing', 'awaiting_payment') AND cart_id <> $2) OR reason = 'unpaid'), 0)::bigint AS units
    FROM orders o WHERE shopper_id = $1 AND id <> $3 AND created_at > clock_timestamp() - $4::interval
        AND (status IN ('placing', 'awaiting_payment') OR reason IN ('unpaid', 'replaced'))
"""


class TooManyUnpaid(Refusal):
    status = 429

    def __init__(self, orders: int) -> None:
        minutes = round(settings().limit_seconds / MINUTE)
        super().__init__(
            f"You have begun {orders} orders without paying for one. Please pay for one of them, or try again in {minutes} minutes."
        )


class TooMuchHeld(Refusal):
    status = 429

    def __init__(self, units: int) -> None:
        minutes = round(settings().limit_seconds / MINUTE)
        super().__init__(f"We put aside at most {units} pieces in {minutes} minutes for orders that are not paid.")


async def check_placing(ask: Placing) -> None:
    """Raises TooManyUnpaid, TooMuchHeld or payments' TooManyDeclines. What this cart held before is replaced, so it does not count."""
    now = settings()
    await payments.refuse_card_testing(ask.shopper_id, payments.client_print(ask.client))
    async with reading(ask.shopper_id) as db:
        row = await db.fetchrow(UNPAID, ask.shopper_id, ask.cart_id, ask.order_id, seconds(now.limit_seconds))
    assert row is not None
    if now.limit_unpaid and row["orders"] >= now.limit_unpaid:
        raise TooManyUnpaid(row["orders"])
    asked = sum(line.quantity for line in ask.quote.lines)
    if now.limit_units and row["units"] + asked > now.limit_units:
        raise TooMuchHeld(now.limit_units)


async def check_paying_again(state: State) -> None:
    """Raises payments' TooManyDeclines when a new attempt would be one too many."""
    if state.attempt is None or not state.attempt.alive:
        await payments.refuse_card_testing(state.shopper_id, await client_of(state.id))


async def client_of(order_id: UUID) -> str:
    """The fingerprint of the client that placed an order; empty when it has no name."""
    async with reading(order_id) as db:
        return str(await db.fetchval("SELECT client FROM orders WHERE id = $1", order_id))

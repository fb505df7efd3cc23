"""What must be true of orders that wait for their payment: none waits for one that nobody makes, or that nobody knows of."""

from __future__ import annotations

from app.ops.invariants import Rule
from app.settings import settings

UNPAYABLE = """
    SELECT o.id FROM orders o JOIN LATERAL (
        SELECT * FROM payment_attempt WHERE order_id = o.id ORDER BY number DESC LIMIT 1) a ON true
    WHERE o.status = 'awaiting_payment' AND a.frozen = '' AND CASE
        WHEN a.status IN ('sending', 'unknown') THEN false
        WHEN a.status = 'requires_action' THEN a.until < clock_timestamp() - $1::interval
        WHEN a.status = 'created' THEN a.updated_at < clock_timestamp() - $1::interval
        ELSE a.updated_at < clock_timestamp() - $1::interval - interval '{hold} s' END
"""


def rules() -> tuple[Rule, ...]:
    """Sentences like those of invariants.py. A shopper whose payment failed may try again for as long as goods are held."""
    return (
        Rule(
            name="who can't pay any more has no order",
            among="orders WHERE status = 'awaiting_payment'",
            wrong=UNPAYABLE.format(hold=settings().hold_seconds),
        ),
        Rule(
            name="what became of a payment is known in the end, or it waits for a person",
            among="payment_attempt WHERE status IN ('sending', 'unknown')",
            wrong="SELECT order_id AS id FROM payment_attempt WHERE status IN ('sending', 'unknown') AND frozen = ''"
            " AND until < clock_timestamp() - $1::interval - interval '30 min'",  # staff were told when it was over
        ),
        Rule(
            name="a payment of something else than was asked for is settled by a person within a day",
            among="payment_attempt WHERE status = 'unknown' AND frozen <> ''",
            wrong="SELECT order_id AS id FROM payment_attempt WHERE status = 'unknown' AND frozen <> ''"
            " AND updated_at < clock_timestamp() - $1::interval - interval '1 day'",
        ),
    )

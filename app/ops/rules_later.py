"""What must be true of one shard of parcels, refunds and returns: sentences like those of invariants.py."""

from __future__ import annotations

from app.ops.invariants import Rule
from app.orders import rules

PAYMENT = ", ".join(f"('{attempt}', '{payment}')" for attempt, payment in rules.PAYMENT.items())
# Both statuses as rules.derived() tells them, in SQL: the one says what the other one should have stored.
FOLLOWS = f"""
    SELECT o.id FROM orders o
    JOIN LATERAL (SELECT * FROM payment_attempt WHERE order_id = o.id ORDER BY number DESC LIMIT 1) a ON true
    JOIN (VALUES {PAYMENT}) AS p (attempt, payment) ON p.attempt = a.status
    JOIN LATERAL (SELECT sum(shipped) AS shipped, sum(quantity - shipped - cancelled) AS to_come
                  FROM order_line WHERE order_id = o.id) l ON true
    JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS refunded FROM refund WHERE attempt_id = a.id AND status = 'done') r ON true
    WHERE o.placed_at IS NOT NULL AND (o.payment_status, o.fulfilment_status) IS DISTINCT FROM (
        CASE WHEN r.refunded = 0 THEN p.payment WHEN r.refunded >= a.captured THEN 'refunded' ELSE 'partially_refunded' END,
        CASE WHEN o.status = 'cancelled' OR l.shipped + l.to_come = 0 THEN 'cancelled' WHEN o.status = 'closed' THEN 'fulfilled'
            WHEN l.shipped = 0 THEN 'unfulfilled' WHEN l.to_come = 0 THEN 'fulfilled' ELSE 'partial' END)
"""  # noqa: S608 - our own words
# How many returns of an order took each step, by where they are now and by what its history says.
STEPPED = """
    SELECT r.order_id AS id FROM order_return r GROUP BY r.order_id HAVING ROW(
        count(*), count(*) FILTER (WHERE status = 'rejected'), count(*) FILTER (WHERE status NOT IN ('requested', 'rejected')),
        count(*) FILTER (WHERE status IN ('received', 'refunded', 'exchanged')),
        count(*) FILTER (WHERE status = 'refunded'), count(*) FILTER (WHERE status = 'exchanged')) IS DISTINCT FROM (
    SELECT ROW(count(*) FILTER (WHERE kind = 'return_requested'), count(*) FILTER (WHERE kind = 'return_rejected'),
        count(*) FILTER (WHERE kind = 'return_approved'), count(*) FILTER (WHERE kind = 'return_received'),
        count(*) FILTER (WHERE kind = 'return_refunded'), count(*) FILTER (WHERE kind = 'return_exchanged'))
    FROM order_event e WHERE e.order_id = r.order_id)
"""

STUCK = """
    SELECT id FROM orders o WHERE status = 'placed'
        AND NOT EXISTS (SELECT FROM order_line WHERE order_id = o.id AND quantity > shipped + cancelled)
        AND (NOT EXISTS (SELECT FROM order_line WHERE order_id = o.id AND shipped > 0)
            OR EXISTS (SELECT FROM payment_attempt WHERE order_id = o.id AND status = 'captured'))
        AND (SELECT max(at) FROM order_event e WHERE e.order_id = o.id) < clock_timestamp() - $1::interval
"""


def _tax_in(gross: str) -> str:
    """rules.tax_in() in SQL, of an amount that is not negative."""
    whole = "(10000 + o.tax_rate)"
    return f"({gross} - (2 * {gross} * 10000 + {whole}) / (2 * {whole}))"


RULES = (
    Rule(
        name="tax is what each line's total and the shipping contain, rounded once each",
        among="orders",
        wrong="SELECT o.id FROM orders o WHERE o.tax IS DISTINCT FROM (SELECT sum(line_tax) FROM order_line WHERE order_id = o.id)"  # noqa: S608
        f" + {_tax_in('o.shipping')} OR EXISTS (SELECT FROM order_line WHERE order_id = o.id"
        f" AND line_tax IS DISTINCT FROM {_tax_in('line_total')})",
    ),
    Rule(
        name="a placed order has something to come, or waits for its money",
        among="orders WHERE status = 'placed'",
        wrong=STUCK,
    ),
    Rule(
        name="no more of a line is sent, given up or refunded than was ordered",
        among="order_line",
        wrong="SELECT id FROM order_line WHERE least(shipped, cancelled) < 0 OR shipped + cancelled > quantity"
        " OR refunded NOT BETWEEN 0 AND quantity OR uncharged NOT BETWEEN 0 AND cancelled OR refunded < cancelled AND NOT EXISTS (SELECT FROM refund r"
        " WHERE r.order_id = order_line.order_id AND r.status = 'failed')",
    ),
    Rule(
        name="what left the shelf is owed only while none is free",
        among="stock_owed",
        wrong="SELECT o.id FROM stock_owed o JOIN stock s ON s.variant_id = o.variant_id"
        " WHERE o.owed > 0 AND s.policy = 'stock' AND s.on_hand > s.reserved",
    ),
    Rule(
        name="a parcel holds something, and only of its own order",
        among="shipment",
        wrong="SELECT s.id FROM shipment s WHERE NOT EXISTS (SELECT FROM shipment_line WHERE shipment_id = s.id) OR EXISTS ("
        "SELECT FROM shipment_line p JOIN order_line l ON l.id = p.order_line_id"
        " WHERE p.shipment_id = s.id AND l.order_id <> s.order_id)",
    ),
    Rule(
        name="what was sent is paid",
        among="shipment",
        wrong="SELECT s.id FROM shipment s WHERE NOT EXISTS (SELECT FROM payment_attempt a WHERE a.order_id = s.order_id"
        " AND a.status = 'captured')",
    ),
    Rule(
        name="what is taken is an order's total less what was given up before",
        among="payment_attempt WHERE capturing > 0",
        wrong="SELECT o.id FROM orders o JOIN payment_attempt a ON a.order_id = o.id WHERE o.status IN ('placed', 'closed')"  # noqa: S608
        f" AND a.capturing > 0 AND a.status IN ('authorised', 'captured') AND a.capturing <> o.total - {rules.UNCHARGED}",
    ),
    Rule(
        name="no more of a line comes back than was sent",
        among="return_line",
        wrong="SELECT l.id FROM order_line l JOIN return_line p ON p.order_line_id = l.id JOIN order_return r"
        " ON r.id = p.return_id WHERE r.status NOT IN ('rejected', 'exchanged') GROUP BY l.id, l.shipped HAVING sum(p.quantity) > l.shipped",
    ),
    Rule(name="a return's steps are in its order's history, each once", among="order_return", wrong=STEPPED),
    Rule(
        name="a return that is refunded has its refund, or its order's history says that none was due",
        among="order_return WHERE status = 'refunded'",
        wrong="SELECT order_id AS id FROM order_return r WHERE status = 'refunded' AND NOT EXISTS (SELECT FROM refund WHERE key = r.id)"
        " GROUP BY order_id HAVING count(*) > (SELECT count(*) FROM order_event e WHERE e.order_id = r.order_id AND kind = 'nothing_due')",
    ),
    Rule(
        name="what is exchanged has its parcel with the same units, and nothing else has one",
        among="order_return WHERE status = 'exchanged'",
        wrong="SELECT r.id FROM order_return r LEFT JOIN shipment s ON s.return_id = r.id WHERE (r.status = 'exchanged') <>"
        " (s.id IS NOT NULL) OR s.id IS NOT NULL AND (SELECT array_agg((order_line_id, quantity) ORDER BY order_line_id)"
        " FROM return_line WHERE return_id = r.id) IS DISTINCT FROM (SELECT array_agg((order_line_id, quantity)"
        " ORDER BY order_line_id) FROM shipment_line WHERE shipment_id = s.id)",
    ),
    Rule(
        name="no more of a line is refunded, refund by refund, than in all",
        among="refund_line",
        wrong="SELECT l.id FROM order_line l JOIN refund_line p ON p.order_line_id = l.id"
        " JOIN refund r ON r.id = p.refund_id WHERE r.status <> 'failed'"
        " GROUP BY l.id, l.refunded, l.uncharged HAVING sum(p.quantity) > l.refunded - l.uncharged",
    ),
    Rule(
        name="what went back is in the order's history, each refund once",
        among="refund WHERE status = 'done'",
        wrong="SELECT order_id AS id FROM refund GROUP BY order_id HAVING count(*) FILTER (WHERE status = 'done') <> (SELECT"
        " count(*) FILTER (WHERE kind = 'refunded') - count(*) FILTER (WHERE kind = 'refund_returned')"
        " FROM order_event e WHERE e.order_id = refund.order_id)",
    ),
    Rule(
        name="an order's payment and fulfilment are what its money and its parcels say",
        among="orders WHERE placed_at IS NOT NULL",
        wrong=FOLLOWS,
    ),
    Rule(
        name="of what was cancelled nothing was sent, and its money is free, on its way back, or waits for a person",
        among="orders WHERE status = 'cancelled' AND placed_at IS NOT NULL",
        wrong="SELECT o.id FROM orders o WHERE status = 'cancelled' AND placed_at IS NOT NULL AND (EXISTS (SELECT FROM"
        " order_line WHERE order_id = o.id AND shipped > 0) OR EXISTS (SELECT FROM payment_attempt a WHERE a.order_id = o.id"
        " AND a.status IN ('authorised', 'captured') AND NOT a.voiding AND a.frozen = '' AND greatest(a.captured, a.capturing)"
        " <> (SELECT coalesce(sum(amount), 0) FROM refund r WHERE r.attempt_id = a.id AND r.status <> 'failed')))",
    ),
)  # fmt: skip

SERIES = """
    SELECT c.entity AS id FROM invoice_counter c LEFT JOIN {0} p ON p.entity = c.entity
    GROUP BY c.entity, c.{1} HAVING count(p.number) <> c.{1} - 1 OR coalesce(max(p.number), 0) <> c.{1} - 1
"""
SHARED_RULES = (
    Rule(name="invoices are numbered from one without a gap", among="invoice", wrong=SERIES.format("invoice", "next")),
    Rule(
        name="credit notes are numbered from one without a gap",
        among="credit_note",
        wrong=SERIES.format("credit_note", "next_credit"),
    ),
    Rule(
        name="no more of an invoice is credited than it says",
        among="credit_note",
        wrong="SELECT i.order_id AS id FROM invoice i JOIN credit_note c ON c.order_id = i.order_id"
        " GROUP BY i.order_id, i.total HAVING sum(c.total) > i.total",
    ),
    Rule(
        name="an invoice says what its lines and its delivery cost",
        among="invoice",
        wrong="SELECT order_id AS id FROM invoice WHERE (body->>'total')::bigint <> (body->>'shipping')::bigint + (SELECT"
        " coalesce(sum((line->>'total')::bigint), 0) FROM jsonb_array_elements(body->'lines') line)",
    ),
)

"""What must be true of one shard, whatever was killed, slow, repeated or reordered: each a sentence and a question in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import Database, reading
from app.inventory import queries as stock
from app.orders import rules
from app.values import seconds

SHOWN = 5  # ids of each violation that a report names


class Invariant(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, how many things were looked at, how many of them it is not true of, and the ids of some."""

    name: str
    checked: int
    violations: int
    examples: tuple[str, ...] = ()

    def __add__(self, other: Invariant) -> Invariant:
        return Invariant(
            name=self.name,
            checked=self.checked + other.checked,
            violations=self.violations + other.violations,
            examples=(*self.examples, *other.examples)[:SHOWN],
        )


class Tally:
    """Counts what was looked at and what was wrong, and remembers the first ids."""

    def __init__(self, name: str) -> None:
        self.name, self.checked, self.wrong = name, 0, 0
        self.examples: list[str] = []

    def add(self, id: UUID, right: bool) -> None:
        self.checked += 1
        if not right:
            self.wrong += 1
            self.examples = [*self.examples, str(id)][:SHOWN]

    @property
    def result(self) -> Invariant:
        return Invariant(name=self.name, checked=self.checked, violations=self.wrong, examples=tuple(self.examples))


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence, all it is about (`FROM` ...) and the ids of those it is not true of.

    The question's only parameter is $1: how long something may be under way before it counts.
    """

    name: str
    among: str
    wrong: str


DEAD = "available_at = 'infinity'"
# What an order_event says of its order's status; other kinds tell of something else.
TURNS = "CASE kind WHEN 'reserved' THEN 'awaiting_payment' ELSE kind END"
STATUSES = "('placing', 'reserved', 'placed', 'closed', 'rejected', 'cancelled')"
STEPS = [("", "placing"), *((was, then) for was, nexts in rules.NEXT.items() for then in sorted(nexts))]
LEGAL = ", ".join(f"('{was}', '{then}')" for was, then in STEPS)

RULES = (
    Rule(
        name="stock: 0 <= reserved <= on hand",
        among="stock",
        wrong="SELECT variant_id AS id FROM stock WHERE on_hand < 0 OR reserved < 0 OR sold < 0"
        " OR policy = 'stock' AND reserved > on_hand",
    ),
    Rule(
        name="holds end when their time is over",
        among="reservation WHERE state = 0",
        wrong="SELECT id FROM reservation WHERE state = 0 AND expires_at < clock_timestamp() - $1::interval",
    ),
    Rule(
        name="an order's total is that of its lines, shipping and discounts",
        among="orders",
        wrong="SELECT o.id FROM orders o LEFT JOIN (SELECT order_id, sum(unit_price * quantity) AS subtotal,"
        " sum(line_discount) AS discount, sum(line_total) AS total FROM order_line GROUP BY order_id) l ON l.order_id = o.id"
        " WHERE (o.subtotal, o.discount, o.total - o.shipping) IS DISTINCT FROM (l.subtotal, l.discount, l.total)",
    ),
    Rule(
        name="one order at most comes of a cart as it was",
        among="orders",
        wrong="SELECT cart_id AS id FROM orders WHERE status NOT IN ('rejected', 'cancelled')"
        " GROUP BY cart_id, cart_version HAVING count(*) > 1",
    ),
    Rule(
        name="one living payment attempt at most per order",
        among="payment_attempt",
        wrong="SELECT order_id AS id FROM payment_attempt WHERE status IN ('created', 'sending', 'requires_action',"
        " 'unknown', 'authorised', 'captured') GROUP BY order_id HAVING count(*) > 1",
    ),
    Rule(
        name="what is placed is paid: an attempt of its amount, unless the money went back",
        among="orders WHERE status IN ('placed', 'closed')",
        wrong="SELECT o.id FROM orders o WHERE status IN ('placed', 'closed') AND NOT EXISTS (SELECT FROM payment_attempt a"
        " WHERE a.order_id = o.id AND a.status IN ('authorised', 'captured', 'voided')"
        " AND (a.amount, a.currency) = (o.total, o.currency))",
    ),
    Rule(
        name="what is paid is placed, or its money goes back, or it waits for a person",
        among="payment_attempt WHERE status IN ('authorised', 'captured')",
        wrong="SELECT a.order_id AS id FROM payment_attempt a JOIN orders o ON o.id = a.order_id"
        " WHERE a.status IN ('authorised', 'captured') AND o.placed_at IS NULL AND NOT a.voiding AND a.frozen = ''"
        " AND NOT EXISTS (SELECT FROM refund r WHERE r.attempt_id = a.id)",
    ),
    Rule(
        name="no more goes back than was taken",
        among="payment_attempt WHERE captured > 0",
        wrong="SELECT a.id FROM payment_attempt a JOIN refund r ON r.attempt_id = a.id WHERE r.status <> 'failed'"
        " GROUP BY a.id HAVING sum(r.amount) > greatest(a.captured, a.capturing)",
    ),
    Rule(
        name="an order's history leads, by legal steps, to where it is",
        among="orders",
        wrong="SELECT o.id FROM orders o LEFT JOIN (SELECT order_id, bool_and("  # noqa: S608
        f" (coalesce(was, ''), turn) IN (VALUES {LEGAL})) AS legal, (array_agg(turn ORDER BY nr DESC))[1] AS last FROM ("
        f" SELECT order_id, {TURNS} AS turn, lag({TURNS}) OVER w AS was, row_number() OVER w AS nr FROM order_event"
        f" WHERE kind IN {STATUSES} WINDOW w AS (PARTITION BY order_id ORDER BY at, id)) e GROUP BY order_id) h"
        " ON h.order_id = o.id WHERE h.legal IS NOT TRUE OR h.last <> o.status",
    ),
    Rule(
        name="what a line says was sent is in its parcels, and its customer was told once of each",
        among="order_line WHERE shipped > 0",
        wrong="SELECT l.id FROM order_line l WHERE l.shipped <> (SELECT coalesce(sum(quantity), 0) FROM shipment_line p"
        " JOIN shipment s ON s.id = p.shipment_id WHERE p.order_line_id = l.id AND s.return_id IS NULL) UNION ALL SELECT s.id FROM shipment s WHERE s.at > now() - interval '20 hours'"
        " AND 1 <> (SELECT count(*) FROM outbox WHERE kind = 'SendShipped' AND body->>'shipment_id' = s.id::text)",
    ),
    Rule(
        name="what is closed was sent and its money taken",
        among="orders WHERE status = 'closed'",
        wrong="SELECT id FROM orders o WHERE status = 'closed' AND (EXISTS (SELECT FROM order_line WHERE order_id = o.id"
        " AND shipped + cancelled < quantity) OR NOT EXISTS (SELECT FROM payment_attempt WHERE order_id = o.id AND (captured > 0 OR status = 'captured' AND amount = 0)))",
    ),
    Rule(
        name="what is placed is confirmed once",  # rows of yesterday are tidied away
        among="orders WHERE placed_at > now() - interval '20 hours'",
        wrong="SELECT id FROM orders o WHERE placed_at > now() - interval '20 hours' AND 1 <> (SELECT count(*) FROM outbox"
        " WHERE kind = 'SendConfirmation' AND body->>'order_id' = o.id::text)",
    ),
    Rule(
        name="no order is stuck while it is placed",
        among="orders WHERE status = 'placing'",
        wrong="SELECT id FROM orders WHERE status = 'placing' AND created_at < clock_timestamp() - $1::interval",
    ),
    Rule(
        name="what is due is done, or dead",
        among="outbox WHERE done_at IS NULL",
        wrong=f"SELECT id FROM outbox WHERE done_at IS NULL AND NOT {DEAD}"  # noqa: S608
        " AND (available_at < clock_timestamp() - $1::interval"
        " OR attempts > 0 AND created_at < clock_timestamp() - $1::interval - interval '1 day')",  # one that fails and fails
    ),
)
SHARED_RULES = tuple(rule for rule in RULES if "outbox WHERE done_at IS NULL" in rule.among)


async def of_rules(key: int | str, rules: Sequence[Rule], grace: float) -> list[Invariant]:
    """The answers of one database."""
    async with reading(key) as db:
        return [await _answer(db, rule, grace) for rule in rules]


async def _answer(db: Database, rule: Rule, grace: float) -> Invariant:
    sql = (
        f"WITH wrong AS ({rule.wrong}) SELECT (SELECT count(*) FROM {rule.among}) AS checked,"  # noqa: S608
        f" (SELECT count(*) FROM wrong) AS violations, ARRAY(SELECT id::text FROM wrong LIMIT {SHOWN}) AS examples"
    )
    args: list[Any] = [seconds(grace)] if "$1" in sql else []
    row = await db.fetchrow(sql, *args)
    assert row is not None
    return Invariant(name=rule.name, checked=row[0], violations=row[1], examples=tuple(row[2]))


async def of_stock(bucket: int) -> list[Invariant]:
    """What a shard's stock rows say is what its reservations, its ledger and the pages say."""
    drift = await stock.verify(bucket)
    async with reading(bucket) as db:
        kept = await db.fetchval("SELECT count(*) FROM stock")
    return [
        Invariant(name="stock: reserved is what is held or pinned", checked=kept, violations=drift.reserved),
        Invariant(name="stock: sold is what was claimed", checked=kept, violations=drift.sold),
        Invariant(name="stock: on hand is the sum of the ledger", checked=kept, violations=drift.on_hand),
        Invariant(name="stock: pages say what there is", checked=kept, violations=max(drift.band, drift.projected)),
    ]

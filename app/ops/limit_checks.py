"""What must be true of promotions: what orders took off is what they say, and nothing is used more often than it may be."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from app.db.engines import EVERYONE, all_shards, reading
from app.db.sharding import shard_of
from app.inventory.queries import limit_of
from app.ops.invariants import Invariant, Rule, Tally, of_rules
from app.promotions.rules import limit_name
from app.values import bucket_of

RULES = (
    Rule(
        name="an order's discount is that of its promotions",
        among="orders o WHERE discount > 0 OR EXISTS (SELECT FROM order_discount WHERE order_id = o.id)",
        wrong="SELECT o.id FROM orders o LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM order_discount"
        " GROUP BY order_id) d ON d.order_id = o.id WHERE o.discount <> coalesce(d.amount, 0)",
    ),
    Rule(
        name="limits: no more is used than there is, as reservations say",
        among="stock WHERE policy = 'limit'",
        wrong="SELECT s.variant_id AS id FROM stock s WHERE policy = 'limit' AND (reserved > on_hand OR on_hand + sold <"
        " (SELECT coalesce(sum(quantity), 0) FROM reservation r WHERE r.variant_id = s.variant_id AND r.state <> 2))",
    ),
)
LIMITED = "SELECT id, most_uses FROM promotion WHERE most_uses IS NOT NULL"
COUNTERS = "SELECT variant_id, on_hand + sold AS gives, reserved + sold AS uses FROM stock WHERE variant_id = ANY($1)"


async def every() -> list[Invariant]:
    """All of it, over all shards."""
    sums: dict[str, Invariant] = {}
    for shard in all_shards():
        for each in await of_rules(shard.first, RULES, 0):
            sums[each.name] = sums[each.name] + each if each.name in sums else each
    return [*sums.values(), await uses_are_limited()]


async def uses_are_limited() -> Invariant:
    """Invariant 13: a promotion's counter gives out what the promotion says, unless that was lowered below what was used."""
    tally = Tally("promotions are used as often as they may be")
    async with reading(EVERYONE) as db:
        limited = {limit_of(limit_name(row["id"])): row for row in await db.fetch(LIMITED)}
    by_shard: dict[int, list[UUID]] = defaultdict(list)
    for id in limited:
        by_shard[shard_of(bucket_of(id), all_shards()).first].append(id)
    for bucket, ids in by_shard.items():
        async with reading(bucket) as db:
            for counter in await db.fetch(COUNTERS, ids):
                promotion = limited[counter["variant_id"]]
                tally.add(promotion["id"], counter["gives"] <= max(promotion["most_uses"], counter["uses"]))
    return tally.result

"""What must be true of limits: what orders took off is what promotions say, and nothing is used more often than it may be."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from app.db.engines import EVERYONE, all_shards, reading
from app.db.sharding import by_shard
from app.inventory.queries import limit_of
from app.ops.invariants import Invariant, Rule, Tally, of_rules
from app.ops.paging import by_id, pages
from app.promotions.rules import limit_name
from app.values import seconds

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

# Rights to what is one per customer, of orders that are decided.
RIGHTS = """
    SELECT u.id, u.limit_id, u.reservation_id, o.status IN ('placed', 'closed') AS stands
    FROM order_use u JOIN orders o ON o.id = u.order_id
    WHERE u.id > $1 AND u.one_each AND o.status IN ('placed', 'closed', 'rejected', 'cancelled')
        AND (SELECT max(at) FROM order_event e WHERE e.order_id = o.id) <= clock_timestamp() - $3::interval
    ORDER BY u.id LIMIT $2
"""
GIVES = "SELECT variant_id AS id, on_hand + sold AS gives FROM stock WHERE variant_id = ANY($1)"
CLAIMED = "SELECT id FROM reservation WHERE id = ANY($1) AND state = 1"

# What each promotion took off orders that stand; `moving`: one of its orders may not be counted yet.
GIVEN = """
    SELECT d.promotion_id AS id, count(*) FILTER (WHERE stands) AS orders,
        coalesce(sum(d.amount + d.shipping) FILTER (WHERE stands), 0)::bigint AS given, bool_or(moving) AS moving
    FROM order_discount d JOIN (SELECT id, status IN ('placed', 'closed') AS stands, clock_timestamp() - $1::interval
        < (SELECT max(at) FROM order_event e WHERE e.order_id = orders.id) AS moving FROM orders) o ON o.id = d.order_id
    GROUP BY d.promotion_id
"""
TALLIES = "SELECT promotion_id AS id, orders, given FROM promotion_tally WHERE orders <> 0 OR given <> 0"


async def every() -> list[Invariant]:
    """All of it, over all shards."""
    sums: dict[str, Invariant] = {}
    for shard in all_shards():
        for each in await of_rules(shard.first, RULES, 0):
            sums[each.name] = sums[each.name] + each if each.name in sums else each
    return [*sums.values(), await uses_are_limited(), await tallies_are_true(0)]


async def uses_are_limited() -> Invariant:
    """Invariant 13: a promotion's counter gives out what the promotion says, unless that was lowered below what was used."""
    tally = Tally("promotions are used as often as they may be")
    async with reading(EVERYONE) as db:
        limited = {limit_of(limit_name(row["id"])): row for row in await db.fetch(LIMITED)}
    for bucket, ids in by_shard(limited, all_shards()).items():
        async with reading(bucket) as db:
            for counter in await db.fetch(COUNTERS, ids):
                promotion = limited[counter["variant_id"]]
                tally.add(promotion["id"], counter["gives"] <= max(promotion["most_uses"], counter["uses"]))
    return tally.result


async def one_each_is_kept(grace: float) -> Invariant:
    """The right to one of a product is had once, by an order that stands; who cancelled theirs has it back."""
    tally = Tally("of what is one per customer nobody has two, and who cancelled may buy it")
    for shard in all_shards():
        async for page in pages(shard.first, RIGHTS, seconds(grace)):
            counters = await by_id({row["limit_id"] for row in page}, GIVES)
            claimed = await by_id([row["reservation_id"] for row in page], CLAIMED)
            for row in page:
                counter = counters.get(row["limit_id"])
                once = counter is not None and counter["gives"] <= 1
                tally.add(row["id"], once and (row["reservation_id"] in claimed) is row["stands"])
    return tally.result


async def tallies_are_true(grace: float) -> Invariant:
    """What staff read of a promotion's use is what the orders say, once those from before there were tallies are counted."""
    tally = Tally("what a promotion gave is what its orders took off")
    given: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    moving: set[UUID] = set()
    async with reading(EVERYONE) as db:
        told = {row["id"]: [row["orders"], row["given"]] for row in await db.fetch(TALLIES)}
        counting = await db.fetchval("SELECT EXISTS (SELECT FROM order_index WHERE counted IS NULL)")
    for shard in all_shards():
        async with reading(shard.first) as db:
            for row in await db.fetch(GIVEN, seconds(grace)):
                given[row["id"]] = [given[row["id"]][0] + row["orders"], given[row["id"]][1] + row["given"]]
                moving |= {row["id"]} if row["moving"] else set()
    for id in {*given, *told} - moving:
        tally.add(id, counting or given[id] == told.get(id, [0, 0]))
    return tally.result

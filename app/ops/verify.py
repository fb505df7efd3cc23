"""Every invariant of the order pipeline, over every shard and the shared database: `vitrine orders verify`, and the end of
every fault test."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.db.engines import EVERYONE, all_shards, reading
from app.ops import crosschecks, limit_checks, rules_later, unpaid_rules
from app.ops.invariants import RULES, SHARED_RULES, Invariant, Tally, of_rules, of_stock

GRACE = 300.0  # seconds something may be under way before it counts

# How far an order has come. What a shopper was shown is never taken back: only an order that nobody paid may end as dead.
PROGRESS = ("placing", "awaiting_payment", "rejected", "cancelled", "placed", "closed")

SESSIONS = """
    SELECT count(*) AS checked, count(*) FILTER (WHERE wrong) AS violations,
        coalesce((array_agg(pid::text) FILTER (WHERE wrong))[:5], '{}') AS examples
    FROM (SELECT pid, state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - interval '5 s' AS wrong
          FROM pg_stat_activity WHERE datname = current_database()
          UNION ALL SELECT 0, true FROM pg_prepared_xacts WHERE database = current_database()) s
"""


async def verify(grace: float = GRACE) -> list[Invariant]:
    """What is true of the whole shop, sentence by sentence. Memory stays bounded however many orders there are."""
    found = [
        *await of_rules(EVERYONE, (*SHARED_RULES, *rules_later.SHARED_RULES), grace),
        *await crosschecks.every(grace),
        await limit_checks.uses_are_limited(),
        await limit_checks.one_each_is_kept(grace),
        await limit_checks.tallies_are_true(grace),
        *await _sessions(),
    ]
    rules = (*RULES, *rules_later.RULES, *limit_checks.RULES, *unpaid_rules.rules())
    for shard in all_shards():
        found += [*await of_rules(shard.first, rules, grace), *await of_stock(shard.first)]
    by_name: dict[str, Invariant] = {}
    for each in found:
        by_name[each.name] = by_name[each.name] + each if each.name in by_name else each
    return list(by_name.values())


async def violations(acknowledged: Mapping[UUID, str] | None = None, *, grace: float = 0.0) -> list[str]:
    """Every broken invariant as a sentence; empty when all is well and the sweepers are idle.

    `acknowledged`: order ids with the status their shopper was shown.
    """
    found = [*await verify(grace), await kept(acknowledged or {})]
    return [
        f"{each.name}: {each.violations} of {each.checked}, e.g. {', '.join(each.examples)}"
        for each in found
        if each.violations
    ]


async def kept(acknowledged: Mapping[UUID, str]) -> Invariant:
    """Every order a shopper was told of is there, and not earlier than shown."""
    tally = Tally("what a shopper was shown is kept")
    for id, shown in acknowledged.items():
        async with reading(id) as db:
            row = await db.fetchrow("SELECT status, placed_at IS NOT NULL AS placed FROM orders WHERE id = $1", id)
        now = "placed" if row and row["placed"] else row and row["status"]
        tally.add(id, now is not None and PROGRESS.index(now) >= min(PROGRESS.index(shown), PROGRESS.index("placed")))
    return tally.result


async def _sessions() -> list[Invariant]:
    """No session sits in an open transaction; none was prepared and forgotten."""
    found = []
    for shard in {shard.dsn: shard for shard in all_shards()}.values():
        async with reading(shard.first) as db:
            row = await db.fetchrow(SESSIONS)
        assert row is not None
        name = "no session sits idle in a transaction"
        found.append(Invariant(name=name, checked=row[0], violations=row[1], examples=tuple(row[2])))
    return found

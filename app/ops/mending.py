"""What of `orders verify` follows from what is there, and can be mended without a person."""

from __future__ import annotations

import msgspec

from app.db.engines import all_shards, reading
from app.ops import limit_checks, rules_later
from app.orders import operations as orders
from app.values import seconds


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    """`closed`: orders of which nothing was to come. `counted`: orders looked at again for what promotions gave; 0: no need."""

    closed: int
    counted: int


async def mend(grace: float) -> Mended:
    """Such orders are closed, or cancelled with all their money going back; tallies that are wrong are made anew. Twice is once."""
    closed = 0
    for shard in all_shards():
        async with reading(shard.first) as db:
            stuck = [row["id"] for row in await db.fetch(rules_later.STUCK, seconds(grace))]
        for order_id in stuck:
            await orders.close(order_id)
        closed += len(stuck)
    wrong = (await limit_checks.tallies_are_true(grace)).violations
    return Mended(closed=closed, counted=await orders.recount() if wrong else 0)

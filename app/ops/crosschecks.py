"""What must be true between databases: read a page at a time, and compared here, since nothing joins two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from app.db.engines import EVERYONE, all_shards, reading
from app.db.sharding import Shard
from app.inventory.tables import CLAIMED
from app.ops import crosschecks_later
from app.ops.invariants import Invariant, Tally
from app.ops.paging import by_id, pages
from app.orders.rules import UNCHARGED
from app.values import seconds

SOLD = """
    SELECT o.id, array_agg(l.reservation_id) AS reservations FROM orders o JOIN (SELECT order_id, reservation_id FROM order_line
        UNION ALL SELECT order_id, reservation_id FROM order_use) l ON l.order_id = o.id
    WHERE o.id > $1 AND o.status IN ('placed', 'closed') AND o.placed_at < clock_timestamp() - $3::interval
    GROUP BY o.id ORDER BY o.id LIMIT $2
"""
TAKEN = "SELECT id, order_id, state FROM reservation WHERE id > $1 AND state IN (1, 3) ORDER BY id LIMIT $2"
STATES = "SELECT id, state FROM reservation WHERE id = ANY($1)"
STANDING = """
    SELECT id, status, placed_at IS NOT NULL AS was_placed, clock_timestamp() - $2::interval
        < (SELECT max(at) FROM order_event e WHERE e.order_id = o.id) AS moving
    FROM orders o WHERE id = ANY($1)
"""
TAKEN_BACK = (
    "(SELECT coalesce(sum((e->>'amount')::bigint), 0) FROM jsonb_array_elements(events) e WHERE e->>'kind' = '{}')"
)
BOOKED = f"""
    SELECT attempt_id AS id, amount, currency, {TAKEN_BACK.format("captured")} AS captured, {TAKEN_BACK.format("refunded")} AS refunded
    FROM test_payment WHERE attempt_id > $1 AND state IN ('authorised', 'captured') ORDER BY attempt_id LIMIT $2
"""  # noqa: S608 - our own words
ATTEMPTS = """
    SELECT id, status, amount, currency, captured, updated_at < clock_timestamp() - $2::interval AS old,
        voiding OR frozen <> '' OR capturing > captured
            OR EXISTS (SELECT FROM refund r WHERE r.attempt_id = a.id AND r.status NOT IN ('done', 'failed')) AS moving,
        (SELECT coalesce(sum(amount), 0) FROM refund r WHERE r.attempt_id = a.id AND r.status = 'done') AS refunded
    FROM payment_attempt a WHERE id = ANY($1)
"""
PAID = """
    SELECT id, amount, currency FROM payment_attempt
    WHERE id > $1 AND provider = 'test' AND status IN ('authorised', 'captured') AND NOT voiding AND frozen = ''
    ORDER BY id LIMIT $2
"""
ENTRIES = """
    SELECT attempt_id AS id, amount, currency FROM test_payment
    WHERE attempt_id = ANY($1) AND state IN ('authorised', 'captured')
"""
TOLD = """
    SELECT id, status FROM orders WHERE id > $1 AND status IN ('placed', 'closed') AND placed_at < clock_timestamp() - $3::interval
    ORDER BY id LIMIT $2
"""
INDEXED = "SELECT order_id AS id, status FROM order_index WHERE order_id = ANY($1)"

INVOICED = f"""
    SELECT o.id, o.total - {UNCHARGED} AS total FROM orders o WHERE o.id > $1 AND o.status IN ('placed', 'closed')
        AND EXISTS (SELECT FROM payment_attempt a WHERE a.order_id = o.id AND a.status = 'captured'
            AND a.updated_at < clock_timestamp() - $3::interval)
    ORDER BY o.id LIMIT $2
"""  # noqa: S608 - our own words
INVOICES = "SELECT order_id AS id, total, (body->>'total')::bigint AS said FROM invoice WHERE order_id = ANY($1)"


async def every(grace: float) -> list[Invariant]:
    """All of them, over all shards."""
    checks = (
        _sold_is_claimed,
        _taken_is_wanted,
        _paid_is_booked,
        _told_to_staff,
        _taken_is_invoiced,
        *crosschecks_later.CHECKS,
    )
    return [
        await _booked_is_known(grace),
        await crosschecks_later.credited_is_settled(grace),
        *[await _over(all_shards(), check, grace) for check in checks],
    ]


async def _over(shards: Sequence[Shard], check: Any, grace: float) -> Invariant:
    found = [await check(shard.first, grace) for shard in shards]
    return sum(found[1:], start=found[0])


async def _sold_is_claimed(bucket: int, grace: float) -> Invariant:
    tally = Tally("what is placed has taken its stock and its uses of promotions")
    async for page in pages(bucket, SOLD, seconds(grace)):
        claimed = await by_id([id for row in page for id in row["reservations"]], STATES)
        for row in page:
            tally.add(row["id"], all(id in claimed and claimed[id]["state"] == CLAIMED for id in row["reservations"]))
    return tally.result


async def _taken_is_wanted(bucket: int, grace: float) -> Invariant:
    tally = Tally("stock is taken only for orders that are paid or can be")
    async for page in pages(bucket, TAKEN):
        orders = await by_id({row["order_id"] for row in page}, STANDING, seconds(grace))
        for row in page:
            order = orders.get(row["order_id"])
            tally.add(row["id"], order is not None and (order["moving"] or _wants(order, row["state"])))
    return tally.result


def _wants(order: asyncpg.Record, state: int) -> bool:
    """Claimed: it was paid. Pinned: it is being paid, may be paid again, or its stock is about to be claimed."""
    return order["was_placed"] if state == CLAIMED else order["status"] not in ("rejected", "cancelled")


async def _booked_is_known(grace: float) -> Invariant:
    """Invariant 8, one way. An attempt that is still open may not have heard yet."""
    tally = Tally("every payment in the test provider's books is one of ours, of the same amount")
    async for page in pages(EVERYONE, BOOKED):
        ours = await by_id([row["id"] for row in page], ATTEMPTS, seconds(grace))
        for row in page:
            attempt = ours.get(row["id"])
            tally.add(row["id"], attempt is not None and _agrees(attempt, row))
    return tally.result


def _agrees(attempt: asyncpg.Record, entry: asyncpg.Record) -> bool:
    if attempt["moving"]:
        return True
    if attempt["status"] in ("sending", "requires_action", "unknown"):
        return not attempt["old"]
    if attempt["status"] not in ("authorised", "captured"):
        return False
    return all(attempt[column] == entry[column] for column in ("amount", "currency", "captured", "refunded"))


async def _paid_is_booked(bucket: int, grace: float) -> Invariant:
    tally = Tally("every payment of ours is in the test provider's books, of the same amount")
    async for page in pages(bucket, PAID):
        ids = [row["id"] for row in page]
        async with reading(EVERYONE) as db:
            booked = {row["id"]: row for row in await db.fetch(ENTRIES, ids)}
        for row in page:
            entry = booked.get(row["id"])
            tally.add(row["id"], entry is not None and tuple(entry) == tuple(row))
    return tally.result


async def _told_to_staff(bucket: int, grace: float) -> Invariant:
    tally = Tally("staff find what is placed, as it is")
    async for page in pages(bucket, TOLD, seconds(grace)):
        async with reading(EVERYONE) as db:
            indexed = {row["id"]: row["status"] for row in await db.fetch(INDEXED, [row["id"] for row in page])}
        for row in page:
            tally.add(row["id"], indexed.get(row["id"]) == row["status"])
    return tally.result


async def _taken_is_invoiced(bucket: int, grace: float) -> Invariant:
    tally = Tally("what is placed and whose money was taken has an invoice of the same total")
    async for page in pages(bucket, INVOICED, seconds(grace)):
        async with reading(EVERYONE) as db:
            issued = {row["id"]: row for row in await db.fetch(INVOICES, [row["id"] for row in page])}
        for row in page:
            invoice = issued.get(row["id"])
            tally.add(row["id"], invoice is not None and invoice["total"] == invoice["said"] == row["total"])
    return tally.result

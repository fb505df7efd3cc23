"""What must be true between databases once an order is placed: of the shelf it goes back to."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from app.db.engines import EVERYONE, reading
from app.inventory.rules import reservation_id
from app.ops.invariants import Invariant, Tally
from app.ops.paging import by_id, pages
from app.orders import rules
from app.values import read_bucket_mark, seconds

SHELVED = """
    SELECT variant_id AS id, json_object_agg(reference, units) AS orders FROM (
        SELECT variant_id, reference, sum(delta) AS units FROM stock_ledger
        WHERE variant_id > $1 AND reason = 'returned' GROUP BY variant_id, reference) l
    GROUP BY variant_id ORDER BY variant_id LIMIT $2
"""
ORDERED = """
    SELECT sum(l.quantity) FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.number = $1 AND l.variant_id = $2
"""
PUT_BACK = """
    SELECT id, (body->>'variant_id')::uuid AS variant_id FROM outbox WHERE kind = 'PutBack' AND done_at IS NOT NULL AND id > $1
    ORDER BY id LIMIT $2
"""
COUNTED = "SELECT variant_id AS id FROM stock WHERE variant_id = ANY($1) AND policy = 'stock'"
ENTERED = "SELECT id FROM stock_ledger WHERE id = ANY($1)"

SETTLED = """
    SELECT r.id, r.order_id, r.amount FROM refund r WHERE r.id > $1 AND r.status = 'done'
        AND r.updated_at < clock_timestamp() - $3::interval ORDER BY r.id LIMIT $2
"""
NOTES = """
    SELECT i.order_id, c.refund_id, sum(c.total)::bigint AS total, sum((c.body->>'total')::bigint)::bigint AS said FROM invoice i
    LEFT JOIN credit_note c ON c.order_id = i.order_id WHERE i.order_id = ANY($1) GROUP BY i.order_id, c.refund_id
"""
CREDITED = """
    SELECT refund_id AS id FROM credit_note WHERE refund_id > $1 GROUP BY refund_id HAVING sum(total) > 0
    ORDER BY refund_id LIMIT $2
"""
DONE = "SELECT id FROM refund WHERE id = ANY($1) AND (status = 'done' OR updated_at > clock_timestamp() - $2::interval)"


async def _settled_is_credited(bucket: int, grace: float) -> Invariant:
    tally = Tally("a settled refund of what was invoiced has its credit note, of its amount")
    async for page in pages(bucket, SETTLED, seconds(grace)):
        async with reading(EVERYONE) as db:
            notes = await db.fetch(NOTES, list({row["order_id"] for row in page}))
        invoiced = {note["order_id"] for note in notes}
        totals = {note["refund_id"]: (note["total"], note["said"]) for note in notes}
        for row in page:
            right = totals.get(row["id"]) == (row["amount"], row["amount"])
            tally.add(row["id"], right or row["order_id"] not in invoiced)
    return tally.result


async def credited_is_settled(grace: float) -> Invariant:
    """The other way round: nobody's tax is corrected for money that stayed."""
    tally = Tally("a credit note that nothing takes back is of a refund that is settled")
    async for page in pages(EVERYONE, CREDITED):
        done = await by_id([row["id"] for row in page], DONE, seconds(grace))
        for row in page:
            tally.add(row["id"], row["id"] in done)
    return tally.result


async def _shelved_was_ordered(bucket: int, grace: float) -> Invariant:
    tally = Tally("no more units of an order went back on the shelf than it had")
    async for page in pages(bucket, SHELVED):
        for row in page:
            for number, units in row["orders"].items():
                ordered = await _ordered(number, row["id"])
                if ordered is not None:  # else staff wrote something of their own beside it
                    tally.add(row["id"], units <= ordered)
    return tally.result


async def _ordered(number: str, variant_id: UUID) -> int | None:
    bucket = read_bucket_mark(number)
    if bucket is None or rules.read_number(number) is None:
        return None
    async with reading(bucket) as db:
        return await db.fetchval(ORDERED, number, variant_id)


async def _put_back_is_entered(bucket: int, grace: float) -> Invariant:
    """Rows of the outbox are kept for a day."""
    tally = Tally("what is put back is in the stock's ledger")
    async for page in pages(bucket, PUT_BACK):
        counted = await by_id({row["variant_id"] for row in page}, COUNTED)
        entered = await by_id([_entry(row) for row in page], ENTERED)
        for row in page:
            tally.add(row["id"], row["variant_id"] not in counted or _entry(row) in entered)
    return tally.result


def _entry(row: asyncpg.Record) -> UUID:
    return reservation_id(row["id"], row["variant_id"])


CHECKS = (_settled_is_credited, _shelved_was_ordered, _put_back_is_entered)

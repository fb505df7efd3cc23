"""What pages say of an order's invoice and credit notes, and the search for those that nobody has issued."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Busy, all_shards, reading
from app.orders import credit_notes, invoices
from app.orders.invoices import OWED

PAGE = 200
PAPERS = """
    SELECT EXISTS (SELECT FROM invoice WHERE order_id = $1) AS invoiced, (
        SELECT json_agg(json_build_object('id', id, 'number', entity || '-C' || lpad(number::text, 6, '0'), 'total', total)
            ORDER BY number) FROM credit_note WHERE order_id = $1) AS credits
"""
DUE = f"""
    SELECT o.id, ARRAY(SELECT r.id FROM refund r WHERE r.order_id = o.id AND r.status = 'done' ORDER BY r.id) AS refunds,
        ARRAY(SELECT r.id FROM refund r WHERE r.order_id = o.id AND r.status = 'failed' ORDER BY r.id) AS failed
    FROM orders o WHERE o.id > $1 AND {OWED} ORDER BY o.id LIMIT $2
"""  # noqa: S608 - our own words
INVOICED = "SELECT order_id FROM invoice WHERE order_id = ANY($1)"
CREDITED = "SELECT refund_id FROM credit_note WHERE order_id = ANY($1) GROUP BY refund_id HAVING sum(total) > 0"


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """A credit note to link to."""

    id: UUID
    number: str
    total: int


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What an order's page can link to."""

    invoiced: bool = False
    credits: list[Credit] = []


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """An order whose money was taken: without an invoice, or with refunds that have no credit note, or should have none any more."""

    order_id: UUID
    invoice: bool
    refunds: list[UUID]


async def papers_of(order_id: UUID, payment_status: str) -> Papers:
    """What there is to link to. Not known is nothing: an order's page does without the links."""
    if payment_status not in ("captured", "partially_refunded", "refunded"):
        return Papers()
    try:
        async with reading(EVERYONE) as db:
            row = await db.fetchrow(PAPERS, order_id)
    except Busy:
        return Papers()
    assert row is not None
    return Papers(invoiced=row["invoiced"], credits=msgspec.convert(row["credits"] or [], list[Credit]))


async def missing() -> AsyncIterator[Missing]:
    """Every order that lacks a paper, over all shards, a page of orders at a time."""
    for shard in all_shards():
        after = UUID(int=0)
        while True:
            async with reading(shard.first) as db:
                due = await db.fetch(DUE, after, PAGE)
            if not due:
                break
            after, ids = due[-1]["id"], [row["id"] for row in due]
            async with reading(EVERYONE) as db:
                invoiced = {row["order_id"] for row in await db.fetch(INVOICED, ids)}
                credited = {row["refund_id"] for row in await db.fetch(CREDITED, ids)}
            for row in due:
                refunds = [id for id in row["refunds"] if id not in credited]
                refunds += [id for id in row["failed"] if id in credited]
                if row["id"] not in invoiced or refunds:
                    yield Missing(order_id=row["id"], invoice=row["id"] not in invoiced, refunds=refunds)


async def issue_missing(lacking: Missing) -> list[str]:
    """The numbers of what was issued, or had been meanwhile."""
    told = [await invoices.issue(lacking.order_id)] if lacking.invoice else []
    told += [await credit_notes.issue(lacking.order_id, refund_id) for refund_id in lacking.refunds]
    return [number for number in told if number]

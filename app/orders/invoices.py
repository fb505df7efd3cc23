"""Invoices: issued once an order's money is taken, numbered without a gap, and never changed after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Database, reading, writing
from app.orders.invoice_body import Body, body_of
from app.settings import settings
from app.values import bucket_of, new_id

FACTS = """
    SELECT o.*, (SELECT json_agg(json_build_object('title', title, 'variant_title', variant_title,
        'personal_label', personal_label, 'personal_text', personal_text, 'sku', sku,
        'quantity', quantity, 'uncharged', uncharged, 'unit_price', unit_price, 'discount', line_discount, 'tax', line_tax, 'total', line_total)
        ORDER BY id) FROM order_line WHERE order_id = o.id) AS lines,
        (SELECT coalesce(json_agg(json_build_object('title', title, 'code', code, 'amount', amount, 'shipping', shipping)
            ORDER BY id), '[]') FROM order_discount WHERE order_id = o.id) AS discounts
    FROM orders o WHERE id = $1
"""
# Money that came for an order cancelled before only goes back: nothing was sold.
OWED = """
    EXISTS (SELECT FROM order_event e WHERE e.order_id = o.id AND e.kind = 'captured' AND NOT EXISTS (
        SELECT FROM order_event c WHERE c.order_id = o.id AND c.kind = 'cancelled' AND (c.at, c.id) < (e.at, e.id)))
"""
ISSUE = """
    WITH counted AS (UPDATE invoice_counter SET next = next + 1 WHERE entity = $3 RETURNING next - 1 AS number)
    INSERT INTO invoice (id, order_id, entity, number, total, issued_at, body)
    SELECT $1, $2, $3, number, $4, clock_timestamp(), $5 FROM counted RETURNING number
"""


class InvoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice as its PDF shows it."""

    entity: str
    number: str
    issued_at: datetime
    body: Body


async def issue(order_id: UUID) -> str | None:
    """The order's invoice exists; its number, the same however often it is asked. None for an order nobody knows."""
    known = await invoice_of(order_id)
    if known:
        return known.number
    row = await facts_of(order_id)
    if row is None:
        return None
    entity, body = settings().seller_code, body_of(row)
    async with writing(EVERYONE, step="invoice") as db:
        await db.execute("INSERT INTO invoice_counter (entity) VALUES ($1) ON CONFLICT DO NOTHING", entity)
        await db.fetchval("SELECT next FROM invoice_counter WHERE entity = $1 FOR UPDATE", entity)
        # Only who holds the counter may look for the last time: another one may have issued it while we waited.
        found = await db.fetchrow("SELECT entity, number FROM invoice WHERE order_id = $1", order_id)
        if found:
            return _shown(found["entity"], found["number"])
        id = new_id(bucket_of(order_id))
        number = await db.fetchval(ISSUE, id, order_id, entity, body.total, msgspec.to_builtins(body))
    return _shown(entity, number)


async def facts_of(order_id: UUID) -> Mapping[str, Any] | None:
    """What an invoice is made from: the order's row and its lines."""
    async with reading(order_id) as db:
        return await db.fetchrow(FACTS, order_id)


async def invoice_of(order_id: UUID) -> InvoiceView | None:
    """The invoice of an order, if it was issued."""
    async with reading(EVERYONE) as db:
        return await _written(db, order_id)


async def _written(db: Database, order_id: UUID) -> InvoiceView | None:
    row = await db.fetchrow("SELECT entity, number, issued_at, body FROM invoice WHERE order_id = $1", order_id)
    if row is None:
        return None
    body = msgspec.convert(row["body"], Body)
    return InvoiceView(
        entity=row["entity"], number=_shown(row["entity"], row["number"]), issued_at=row["issued_at"], body=body
    )


async def issue_if_owed(order_id: UUID) -> InvoiceView | None:
    """The order's invoice, issued now if its money was taken and nobody has yet; None for an order that gets none."""
    async with reading(order_id) as db:
        owed = await db.fetchval(f"SELECT {OWED} FROM orders o WHERE id = $1", order_id)  # noqa: S608 - our own words
    if owed:
        await issue(order_id)
    async with writing(
        EVERYONE
    ) as db:  # the primary: a replica may not have heard of it yet, and then nobody would ask again
        return await _written(db, order_id)


def _shown(entity: str, number: int) -> str:
    return f"{entity}-{number:06d}"

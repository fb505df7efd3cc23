"""Credit notes: one for each refund that is settled, numbered without a gap, and never changed after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Database, reading, writing
from app.orders import invoices, rules
from app.orders.invoices import InvoiceView
from app.values import bucket_of, new_id

FACTS = """
    SELECT r.amount, r.reason, r.key = r.order_id AS whole, (
        SELECT json_agg(json_build_object('title', l.title, 'variant_title', l.variant_title,
            'personal_label', l.personal_label, 'personal_text', l.personal_text, 'sku', l.sku,
            'quantity', p.quantity, 'total', p.amount) ORDER BY l.id)
        FROM refund_line p JOIN order_line l ON l.id = p.order_line_id WHERE p.refund_id = r.id) AS lines
    FROM refund r WHERE r.id = $1 AND r.order_id = $2 AND r.status = 'done'
"""
ISSUE = """
    WITH counted AS (UPDATE invoice_counter SET next_credit = next_credit + 1 WHERE entity = $4 RETURNING next_credit - 1 AS number)
    INSERT INTO credit_note (id, order_id, refund_id, entity, number, total, issued_at, body)
    SELECT $1, $2, $3, $4, number, $5, clock_timestamp(), $6 FROM counted RETURNING number
"""
SHOWN = "SELECT id, entity, number, total, issued_at, body FROM credit_note WHERE order_id = $1 ORDER BY number"


class CreditLine(msgspec.Struct, frozen=True, kw_only=True):
    """Units whose money went back, and what they had cost; `tax` is contained in `total`."""

    title: str
    variant_title: str
    sku: str
    quantity: int
    total: int
    personal_label: str = ""
    personal_text: str = ""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is frozen when a credit note is issued. `rest`: what is not of the lines, and what that is; it may be negative."""

    seller: str
    seller_lines: list[str]
    tax_number: str
    order_number: str
    invoice_number: str
    invoiced_at: datetime
    buyer_lines: list[str]
    email: str
    reason: str
    lines: list[CreditLine]
    rest: int
    rest_title: str
    net: int
    tax: int
    total: int
    currency: str


class CreditNoteView(msgspec.Struct, frozen=True, kw_only=True):
    """A credit note as its PDF shows it."""

    id: UUID
    number: str
    issued_at: datetime
    body: Body


async def issue(order_id: UUID, refund_id: UUID) -> str | None:
    """The refund's credit note exists; its number, the same however often it is asked.

    None for a refund that is not settled, or of an order without an invoice.
    """
    async with reading(order_id) as db:
        facts = await db.fetchrow(FACTS, refund_id, order_id)
    invoice = await invoices.issue_if_owed(order_id) if facts else None
    if facts is None or invoice is None:
        return None
    entity = invoice.entity
    async with writing(EVERYONE, step="credit") as db:
        await db.fetchval("SELECT next_credit FROM invoice_counter WHERE entity = $1 FOR UPDATE", entity)
        # Under the counter's lock: another one may have issued it, or one of the same invoice, while we waited.
        known = await db.fetchval("SELECT number FROM credit_note WHERE refund_id = $1", refund_id)
        if known:
            return _shown(entity, known)
        body = _body(facts, invoice, before=await _credited(db, order_id))
        id = new_id(bucket_of(order_id))
        number = await db.fetchval(ISSUE, id, order_id, refund_id, entity, body.total, msgspec.to_builtins(body))
    return _shown(entity, number)


async def _credited(db: Database, order_id: UUID) -> int:
    sql = "SELECT coalesce(sum(total), 0)::bigint FROM credit_note WHERE order_id = $1"
    return int(await db.fetchval(sql, order_id))


async def credit_notes_of(order_id: UUID) -> list[CreditNoteView]:
    """The order's credit notes, the first one first."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(SHOWN, order_id)
    return [
        CreditNoteView(
            id=row["id"],
            number=_shown(row["entity"], row["number"]),
            issued_at=row["issued_at"],
            body=msgspec.convert(row["body"], Body),
        )
        for row in rows
    ]


async def credit_note_of(order_id: UUID, note_id: UUID) -> CreditNoteView | None:
    """One of them."""
    return next((each for each in await credit_notes_of(order_id) if each.id == note_id), None)


def _shown(entity: str, number: int) -> str:
    return f"{entity}-C{number:06d}"


def _body(facts: Mapping[str, Any], invoice: InvoiceView, *, before: int) -> Body:
    """`before`: what was credited of the invoice already. Whoever credits all of it has credited all of its tax."""
    sold, amount = invoice.body, facts["amount"]
    lines = [msgspec.convert(line, CreditLine) for line in facts["lines"] or ()]
    tax = rules.part_of(sold.tax, sold.total, before=before, units=amount)
    return Body(
        **{key: getattr(sold, key) for key in ("seller", "seller_lines", "tax_number", "order_number", "buyer_lines")},
        email=sold.email,
        currency=sold.currency,
        invoice_number=invoice.number,
        invoiced_at=invoice.issued_at,
        reason="The order was cancelled" if facts["whole"] else facts["reason"],
        lines=lines,
        rest=amount - sum(line.total for line in lines),
        rest_title=sold.shipping_title if facts["whole"] else "Adjustment" if lines else "Allowance",
        net=amount - tax,
        tax=tax,
        total=amount,
    )

"""Credit notes: one for each refund that is settled, numbered without a gap, and never changed after.

Of a refund that a bank has returned a reversal takes it back, under the next number of the same series."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Database, reading, writing
from app.orders import invoices, rules
from app.orders.invoices import InvoiceView
from app.values import bucket_of, new_id

FACTS = """
    SELECT r.status, r.amount, r.reason, r.error, r.key = r.order_id AS whole, (
        SELECT json_agg(json_build_object('title', l.title, 'variant_title', l.variant_title,
            'personal_label', l.personal_label, 'personal_text', l.personal_text, 'sku', l.sku,
            'quantity', p.quantity, 'total', p.amount) ORDER BY l.id)
        FROM refund_line p JOIN order_line l ON l.id = p.order_line_id WHERE p.refund_id = r.id) AS lines
    FROM refund r WHERE r.id = $1 AND r.order_id = $2 AND r.status IN ('done', 'failed')
"""
ISSUE = """
    WITH counted AS (UPDATE invoice_counter SET next_credit = next_credit + 1 WHERE entity = $4 RETURNING next_credit - 1 AS number)
    INSERT INTO credit_note (id, order_id, refund_id, entity, number, total, issued_at, body, turn)
    SELECT $1, $2, $3, $4, number, $5, clock_timestamp(), $6, $7 FROM counted RETURNING number
"""
LAST = "SELECT entity, number, turn, body FROM credit_note WHERE refund_id = $1 ORDER BY turn DESC LIMIT 1"
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
    """What is frozen when a credit note is issued. `rest`: what is not of the lines, and what that is; it may be negative.

    `takes_back`: the number of the credit note that this one reverses; all its sums are negative then.
    """

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
    takes_back: str = ""


class Credited(NamedTuple):
    """Of an invoice, reversals taken off."""

    total: int
    tax: int


class CreditNoteView(msgspec.Struct, frozen=True, kw_only=True):
    """A credit note as its PDF shows it."""

    id: UUID
    number: str
    issued_at: datetime
    body: Body


async def issue(order_id: UUID, refund_id: UUID) -> str | None:
    """The refund's papers say what became of it: its credit note, and that it is taken back if its money was. The last one's number.

    The same however often it is asked. None for a refund that was never settled, or of an order without an invoice.
    """
    facts = await _facts(order_id, refund_id)
    invoice = await invoices.issue_if_owed(order_id) if facts else None
    if facts is None or invoice is None:
        return None
    async with writing(EVERYONE, step="credit") as db:
        await db.fetchval("SELECT next_credit FROM invoice_counter WHERE entity = $1 FOR UPDATE", invoice.entity)
        # Under the counter's lock: another one may have issued it, or one of the same invoice, while we waited.
        last = await db.fetchrow(LAST, refund_id)
        turn = last["turn"] if last else 0
        if (turn % 2 == 1) == (facts["status"] == "done"):
            return _shown(last["entity"], last["number"]) if last else None
        body = (
            _reversed(last, facts["error"])
            if last and turn % 2
            else _body(facts, invoice, await _credited(db, order_id))
        )
        id, said = new_id(bucket_of(order_id)), msgspec.to_builtins(body)
        number = await db.fetchval(ISSUE, id, order_id, refund_id, invoice.entity, body.total, said, turn + 1)
    now = await _facts(order_id, refund_id)
    if now and now["status"] != facts["status"]:  # it has moved on meanwhile, and its own job may have looked before us
        return await issue(order_id, refund_id)
    return _shown(invoice.entity, number)


async def _facts(order_id: UUID, refund_id: UUID) -> Mapping[str, Any] | None:
    async with reading(order_id) as db:
        return await db.fetchrow(FACTS, refund_id, order_id)


async def _credited(db: Database, order_id: UUID) -> Credited:
    sql = "SELECT coalesce(sum(total), 0)::bigint, coalesce(sum((body->>'tax')::bigint), 0)::bigint FROM credit_note WHERE order_id = $1"
    row = await db.fetchrow(sql, order_id)
    assert row is not None, "an aggregate without GROUP BY always has a row"
    return Credited(*row)


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


def _reversed(last: Mapping[str, Any], error: str) -> Body:
    """What takes a credit note back: the same, less."""
    was = msgspec.convert(last["body"], Body)
    lines = [msgspec.structs.replace(line, total=-line.total) for line in was.lines]
    return msgspec.structs.replace(
        was, lines=lines, rest=-was.rest, net=-was.net, tax=-was.tax, total=-was.total,
        takes_back=_shown(last["entity"], last["number"]), reason=f"The refund came back. {error}".strip(),
    )  # fmt: skip


def _body(facts: Mapping[str, Any], invoice: InvoiceView, before: Credited) -> Body:
    """`before`: what was credited of the invoice already. Whoever credits all of it has credited all of its tax."""
    sold, amount = invoice.body, facts["amount"]
    lines = [msgspec.convert(line, CreditLine) for line in facts["lines"] or ()]
    tax = rules.part_of(sold.tax, sold.total, before=0, units=before.total + amount) - before.tax
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

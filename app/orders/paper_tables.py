"""What is numbered without a gap: invoices and credit notes."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, SmallInt, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARED


class InvoiceCounter(Table, tablename="invoice_counter", db=SHARED):
    """The numbers of a legal entity's next invoice and next credit note."""

    entity = Varchar(length=20, primary_key=True)
    next = BigInt(default=1)
    next_credit = BigInt(default=1)


class Invoice(Table, tablename="invoice", db=SHARED):
    """An invoice as it was issued; `body` is all that its PDF says, and never changes."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, unique=True)
    entity = Varchar(length=20)
    number = BigInt()
    total = BigInt()
    issued_at = Timestamptz()
    body = JSONB()

    without_gap = Unique([entity, number])


class CreditNote(Table, tablename="credit_note", db=SHARED):
    """What of an invoice a refund has undone, or taken back of that; `body` is all that its PDF says, and never changes."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    refund_id = UUID(default=None)
    turn = SmallInt(
        default=1, help_text="odd: the refund's credit note; even: what takes that back, of a negative total"
    )
    entity = Varchar(length=20)
    number = BigInt()
    total = BigInt()
    issued_at = Timestamptz()
    body = JSONB()

    once = Unique([refund_id, turn])
    without_gap = Unique([entity, number])

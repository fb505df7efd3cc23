from __future__ import annotations

from uuid import UUID

import msgspec

from app.db.engines import Database, reading
from app.orders import rules
from app.orders.before import is_first
from app.orders.credit_notes import credit_note_of
from app.orders.earlier import is_replaced, number_of, orders_before, the_same
from app.orders.forgetting import open_orders
from app.orders.invoices import invoice_of
from app.orders.own import (
    AccountBitView,
    Bought,
    OrderRow,
    OwnOrdersView,
    bought,
    has_bought,
    order_count,
    orders_page,
    read_cursor,
)
from app.orders.papers import Papers, papers_of
from app.orders.parcels import (
    Parcel,
    PartCancelledMail,
    RefundedMail,
    ShippedMail,
    parcels_of,
    part_cancelled_mail,
    refunded_mail,
    shipped_mail,
)
from app.orders.quotes import Quote, quote
from app.orders.returned import RETURNABLE, Return, Returnable, ReturnMail, return_mail, returns_of
from app.orders.rules import UNCHARGED, promise_hash, recipient_hash
from app.orders.state import OF_EARLIER, Line, State, Used
from app.orders.stuck import stuck
from app.orders.taking import TakenLine, TakenOrder, taken_along
from app.orders.views import OrderView, Totals, order_view
from app.orders.words import address_lines
from app.payments import queries as payments
from app.settings import settings
from app.values import DAY, read_bucket_mark, seconds

# For pages and for the slices to the right.
__all__ = [
    "UNCHARGED",
    "AccountBitView",
    "Bought",
    "OrderRow",
    "OwnOrdersView",
    "Papers",
    "Parcel",
    "PartCancelledMail",
    "Quote",
    "RefundedMail",
    "Return",
    "ReturnMail",
    "Returnable",
    "ShippedMail",
    "TakenLine",
    "TakenOrder",
    "Totals",
    "address_lines",
    "bought",
    "credit_note_of",
    "has_bought",
    "invoice_of",
    "is_first",
    "is_replaced",
    "open_orders",
    "order_count",
    "orders_before",
    "orders_page",
    "papers_of",
    "parcels_of",
    "part_cancelled_mail",
    "promise_hash",
    "quote",
    "read_cursor",
    "recipient_hash",
    "refunded_mail",
    "return_mail",
    "returns_of",
    "shipped_mail",
    "stuck",
    "taken_along",
    "the_same",
]  # for pages and for the slices to the right

STATE = """
    SELECT id, number, shopper_id, cart_id, cart_version, status, reason, total, currency, pays_first, replaces,
        extract(epoch FROM clock_timestamp() - created_at)::float8 AS age,
        (SELECT json_agg(json_build_object('variant_id', variant_id, 'reservation_id', reservation_id,
            'quantity', quantity, 'personal_text', personal_text, 'shipped', shipped, 'cancelled', cancelled,
            'uncharged', uncharged, 'line_total', line_total, 'title', concat_ws(', ', title, nullif(variant_title, ''))) ORDER BY variant_id)
         FROM order_line WHERE order_id = o.id) AS lines,
        (SELECT json_agg(json_build_object('limit_id', limit_id, 'reservation_id', reservation_id, 'title', title, 'one_each', one_each))
         FROM order_use WHERE order_id = o.id) AS uses
    FROM orders o WHERE id = $1
"""
SHOWN = """
    SELECT o.*, extract(epoch FROM clock_timestamp() - o.placed_at)::float8 AS placed_for, (SELECT json_agg(l ORDER BY l.id) FROM order_line l WHERE l.order_id = o.id) AS lines,
        (SELECT json_agg(json_build_object('at', e.at, 'kind', e.kind, 'note', e.note) ORDER BY e.at, e.id)
         FROM order_event e WHERE e.order_id = o.id) AS events,
        (SELECT CASE WHEN a.frozen <> '' AND a.status = 'unknown' THEN 'unclear' ELSE a.status END FROM payment_attempt a WHERE a.order_id = o.id ORDER BY a.number DESC LIMIT 1) AS attempt,
        (SELECT coalesce(json_agg(d ORDER BY d.id), '[]') FROM order_discount d WHERE d.order_id = o.id) AS discounts
    FROM orders o
"""


async def state(order_id: UUID) -> State | None:
    """Where the order stands."""
    async with reading(order_id) as db:
        return await read_state(db, order_id)


async def read_state(db: Database, order_id: UUID, *, lock: bool = False) -> State | None:
    """The same on the caller's connection; `lock` keeps other transitions of the order waiting."""
    if lock:  # by itself: a statement that waited for a row reads the rest, the lines, as it was before the wait
        await db.execute("SELECT FROM orders WHERE id = $1 FOR UPDATE", order_id)
    row = await db.fetchrow(STATE, order_id)
    if row is None:
        return None
    lines = tuple(msgspec.convert(line, Line) for line in row["lines"])
    uses = tuple(msgspec.convert(use, Used) for use in row["uses"] or ())
    attempt = None if row["status"] == "placing" else await payments.latest(db, order_id)  # T5 opens the first one
    return State(**{**row, "lines": lines, "uses": uses, "replaces": tuple(row["replaces"])}, attempt=attempt)


# Whose order it is: the shopper's who placed it, and theirs who opened it by the link in its mail.
OWNED = (
    "WHERE o.number = $1 AND (o.shopper_id = $2"
    " OR EXISTS (SELECT FROM order_reader r WHERE r.order_id = o.id AND r.shopper_id = $2))"
)


async def order_of(shopper_id: UUID, number: str) -> OrderView | None:
    """An order of this shopper. None for a number that is malformed, unknown or somebody else's: they look the same."""
    found = rules.read_number(number)
    bucket = read_bucket_mark(found) if found else None
    if bucket is None:
        return None
    async with reading(bucket) as db:
        row = await db.fetchrow(SHOWN + OWNED, found, shopper_id)
        if row is None:
            return None
        left = await db.fetch(RETURNABLE, row["id"], seconds(settings().return_days * DAY))
        view, returns = order_view(row, await parcels_of(db, row["id"])), await returns_of(db, row["id"])
    returnable = [Returnable(**line) for line in left if line["units"] > 0]
    papers = await papers_of(row["id"], row["payment_status"])
    earlier = (
        await number_of(row["replaces"], unpaid=row["reason"] != "paid_before") if row["reason"] in OF_EARLIER else ""
    )
    return msgspec.structs.replace(view, returns=returns, returnable=returnable, papers=papers, earlier=earlier)


async def order_id_of(shopper_id: UUID, number: str) -> UUID | None:
    """The id of this shopper's order, on the same terms."""
    found = rules.read_number(number)
    bucket = read_bucket_mark(found) if found else None
    if bucket is None:
        return None
    async with reading(bucket) as db:
        return await db.fetchval(f"SELECT o.id FROM orders o {OWNED}", found, shopper_id)  # noqa: S608 - our own words


async def order_to_mail(order_id: UUID) -> OrderView | None:
    """An order as its own mail tells it."""
    async with reading(order_id) as db:
        row = await db.fetchrow(SHOWN + "WHERE o.id = $1", order_id)
    return order_view(row, []) if row else None

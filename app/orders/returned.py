"""What shoppers send back, as pages and mails say it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.db.engines import Database, reading
from app.orders.parcels import Packed

RETURNS = """
    SELECT r.id, r.status, r.reason, r.faulty, r.at, (
        SELECT json_agg(json_build_object('quantity', p.quantity,
            'title', concat_ws(', ', l.title, nullif(l.variant_title, ''), '“' || nullif(l.personal_text, '') || '”')) ORDER BY l.id)
        FROM return_line p JOIN order_line l ON l.id = p.order_line_id WHERE p.return_id = r.id) AS contents
    FROM order_return r WHERE r.order_id = $1 ORDER BY r.at, r.id
"""
# Sent, its money not gone back, nor they themselves, and not on its way back. What was sent in exchange can come back like what it replaced.
RETURNABLE = """
    SELECT l.id, l.personal_text <> '' AS personal, concat_ws(', ', l.title, nullif(l.variant_title, ''), '“' || nullif(l.personal_text, '') || '”') AS title, l.shipped
        - greatest(l.refunded - l.cancelled, came.settled) - came.open AS units
    FROM order_line l JOIN orders o ON o.id = l.order_id JOIN LATERAL (
        SELECT coalesce(sum(p.quantity) FILTER (WHERE r.status = 'refunded'), 0)::int AS settled,
            coalesce(sum(p.quantity) FILTER (WHERE r.status IN ('requested', 'approved', 'received')), 0)::int AS open
        FROM return_line p JOIN order_return r ON r.id = p.return_id WHERE p.order_line_id = l.id) came ON true
    WHERE l.order_id = $1 AND o.status IN ('placed', 'closed') AND clock_timestamp() - $2::interval
        < (SELECT max(at) FROM shipment s WHERE s.order_id = o.id)
    ORDER BY l.id
"""
WORDS = {
    "requested": "Asked for; we write to you soon.",
    "approved": "Agreed. Please send it back to us.",
    "rejected": "We can't take it back.",
    "received": "It has arrived here.",
    "refunded": "It is settled: what you paid for it goes back to you.",
    "exchanged": "A new one is on its way to you.",
}


class Returnable(msgspec.Struct, frozen=True, kw_only=True):
    """Units of a line that can be sent back; what is `personal`, only if it arrived faulty."""

    id: UUID
    title: str
    units: int
    personal: bool = False

    @property
    def field(self) -> str:
        """What its field in the form is called."""
        return f"return-{self.id}"


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a shopper sends, or wants to send, back. `status`: migrations/shards/0012_returns.sql."""

    id: UUID
    status: str
    reason: str
    faulty: bool = False
    at: datetime
    contents: list[Packed]

    @property
    def words(self) -> str:
        """The same for the shopper."""
        return WORDS.get(self.status, self.status)


class ReturnMail(msgspec.Struct, frozen=True, kw_only=True):
    """The mail about a step of a return. `words`: of the status it is about, which may be an earlier one."""

    number: str
    open_url: str = ""
    email: str
    words: str
    contents: list[Packed]


async def returns_of(db: Database, order_id: UUID) -> list[Return]:
    """The order's returns, the first one first, read with the caller's connection."""
    return [msgspec.convert(dict(row), Return) for row in await db.fetch(RETURNS, order_id)]


async def return_mail(order_id: UUID, return_id: UUID, status: str) -> ReturnMail | None:
    """What the shopper is told when a return has come to this status."""
    async with reading(order_id) as db:
        row = await db.fetchrow("SELECT number, email FROM orders WHERE id = $1", order_id)
        found = next((each for each in await returns_of(db, order_id) if each.id == return_id), None)
    return ReturnMail(**row, words=WORDS[status], contents=found.contents) if row and found else None

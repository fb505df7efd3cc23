"""What was sent of an order, and what went back, as pages and mails say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from app.db.engines import Database, reading
from app.orders.rules import UNCHARGED
from app.orders.tracking import tracking_url
from app.payments import queries as payments

PARCELS = """
    SELECT s.id, s.carrier, s.tracking, s.at, s.return_id IS NOT NULL AS replaces, (
        SELECT json_agg(json_build_object('quantity', p.quantity,
            'title', concat_ws(', ', l.title, nullif(l.variant_title, ''), '“' || nullif(l.personal_text, '') || '”')) ORDER BY l.id)
        FROM shipment_line p JOIN order_line l ON l.id = p.order_line_id WHERE p.shipment_id = s.id) AS contents
    FROM shipment s WHERE s.order_id = $1 ORDER BY s.at, s.id
"""

DUE = f"SELECT number, email, currency, total - {UNCHARGED} AS due FROM orders o WHERE id = $1"  # noqa: S608 - our own words
TITLES = "SELECT id, concat_ws(', ', title, nullif(variant_title, '')) AS title FROM order_line WHERE order_id = $1 AND id = ANY($2) ORDER BY id"


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one line in a parcel."""

    title: str
    quantity: int


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that was sent. `carrier`, `tracking`: as staff typed them, perhaps empty. `replaces`: in exchange for a return."""

    id: UUID
    carrier: str
    tracking: str
    at: datetime
    contents: list[Packed]
    replaces: bool = False

    @property
    def track_url(self) -> str | None:
        """The carrier's page of it."""
        return tracking_url(self.carrier, self.tracking)


class ShippedMail(msgspec.Struct, frozen=True, kw_only=True):
    """The mail that goes out with a parcel. `to_come`: units that are still to be sent."""

    number: str
    email: str
    open_url: str = ""
    parcel: Parcel
    to_come: int


class PartCancelledMail(msgspec.Struct, frozen=True, kw_only=True):
    """The mail that says what of an order can't be sent. `due`: what is paid for the rest, in minor units."""

    number: str
    email: str
    open_url: str = ""
    contents: list[Packed]
    reason: str
    due: int
    currency: str


class RefundedMail(msgspec.Struct, frozen=True, kw_only=True):
    """The mail that says what went back, or came back; money in minor units. `credit_note`: its number, empty without an invoice."""

    number: str
    email: str
    open_url: str = ""
    amount: int
    currency: str
    reason: str
    status: str = "done"
    credit_note: str = ""


async def parcels_of(db: Database, order_id: UUID) -> list[Parcel]:
    """The order's parcels, the first one first, read with the caller's connection."""
    return [msgspec.convert(dict(row), Parcel) for row in await db.fetch(PARCELS, order_id)]


async def shipped_mail(order_id: UUID, shipment_id: UUID) -> ShippedMail | None:
    """What the shopper is told of one parcel."""
    async with reading(order_id) as db:
        row = await db.fetchrow(
            "SELECT number, email, (SELECT sum(quantity - shipped - cancelled) FROM order_line WHERE order_id = o.id)"
            " AS to_come FROM orders o WHERE id = $1",
            order_id,
        )
        parcel = next((each for each in await parcels_of(db, order_id) if each.id == shipment_id), None)
    return ShippedMail(**row, parcel=parcel) if row and parcel else None


async def part_cancelled_mail(order_id: UUID, units: Mapping[UUID, int], reason: str) -> PartCancelledMail | None:
    """What the shopper is told of units that can't be sent."""
    async with reading(order_id) as db:
        row = await db.fetchrow(DUE, order_id)
        lines = await db.fetch(TITLES, order_id, list(units))
    contents = [Packed(title=line["title"], quantity=units[line["id"]]) for line in lines]
    return PartCancelledMail(**row, contents=contents, reason=reason) if row else None


async def refunded_mail(order_id: UUID, refund_id: UUID) -> RefundedMail | None:
    """What the shopper is told of one refund."""
    async with reading(order_id) as db:
        row = await db.fetchrow("SELECT number, email FROM orders WHERE id = $1", order_id)
    refund = await payments.refund(refund_id)
    if row is None or refund is None:
        return None
    reason = "" if refund.key == order_id else refund.reason  # under that key all of a cancelled order goes back
    return RefundedMail(**row, amount=refund.amount, currency=refund.currency, reason=reason, status=refund.status)

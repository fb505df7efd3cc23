"""What is known of an order: the promise, its state, and what pages and mails show of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.catalog.queries import Picture, picture_of
from app.orders import rules, words
from app.orders.parcels import Parcel
from app.payments.queries import Attempt


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums under a list of lines."""

    subtotal: int
    shipping: int | None
    discount: int
    tax: int
    total: int
    currency: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is reserved for a line."""

    variant_id: UUID
    reservation_id: UUID
    quantity: int
    title: str
    shipped: int = 0
    cancelled: int = 0


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order stands, as far as its next step needs to know. `age`: seconds since it was placed."""

    id: UUID
    number: str
    shopper_id: UUID
    cart_id: UUID
    cart_version: int
    status: str
    reason: str
    total: int
    currency: str
    age: float
    lines: tuple[Line, ...]
    attempt: Attempt | None = None

    @property
    def reservations(self) -> list[tuple[UUID, UUID]]:
        """What inventory's pin, claim and release take."""
        return [(line.variant_id, line.reservation_id) for line in self.lines]

    @property
    def shipped(self) -> int:
        """Units that were sent."""
        return sum(line.shipped for line in self.lines)

    @property
    def to_come(self) -> int:
        """Units that are still to be sent."""
        return sum(line.quantity - line.shipped - line.cancelled for line in self.lines)

    def derived(self, status: str, attempt: str | None = None) -> rules.Derived:
        """Its payment and fulfilment status under this order status, and attempt status if that changes too."""
        paid = self.attempt
        return rules.derived(
            status,
            attempt or (paid.status if paid else None),
            captured=paid.captured if paid else 0,
            refunded=paid.refunded if paid else 0,
            shipped=self.shipped,
            to_come=self.to_come,
        )

    @property
    def standing(self) -> rules.Standing:
        """What decides on the next step."""
        attempt = self.attempt
        if attempt is None:
            return rules.Standing(status=self.status, age=self.age, idle=self.age)
        return rules.Standing(
            status=self.status,
            attempt=attempt.status,
            age=self.age,
            idle=attempt.idle,
            over=attempt.over,
            unanswered=attempt.unanswered,
            frozen=bool(attempt.frozen),
        )

    @property
    def url(self) -> str:
        """The order's page."""
        return f"/orders/{self.number}"

    @property
    def way_on(self) -> str:
        """Where the shopper goes from here: the provider's page while it waits for them, else the order's."""
        attempt = self.attempt
        if attempt and attempt.status == "requires_action" and not attempt.over:
            return attempt.redirect_url
        return self.url


class OrderLineView(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    variant_title: str
    url: str
    picture: Picture
    quantity: int
    unit_price: int
    line_total: int


class OrderStep(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    words: str


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """An order's page. `refresh`: something is under way, the page asks again; `can_retry`: the shopper can (go on to) pay."""

    number: str
    status: str
    payment_status: str
    headline: str
    explanation: str
    email: str
    lines: list[OrderLineView]
    totals: Totals
    address_lines: list[str]
    shipping_title: str
    note: str
    events: list[OrderStep]
    parcels: list[Parcel]
    can_retry: bool
    pay_words: str
    refresh: bool
    currency: str
    placed_at: datetime | None


def order_view(row: Mapping[str, Any], parcels: list[Parcel]) -> OrderView:
    """The page of an order, from queries.SHOWN."""
    told = words.told(row["status"], row["reason"], row["attempt"])
    waits = row["status"] == "awaiting_payment"
    return OrderView(
        number=row["number"],
        status=row["status"],
        payment_status=row["payment_status"],
        headline=told.headline,
        explanation=told.explanation,
        email=row["email"],
        lines=[_line_view(line) for line in row["lines"]],
        totals=Totals(**{key: row[key] for key in Totals.__struct_fields__}),
        address_lines=address_lines(row["name"], row["address"]),
        shipping_title=row["shipping_title"],
        note=row["note"],
        events=[
            OrderStep(at=datetime.fromisoformat(event["at"]), words=words.of_event(event["kind"], event["note"]))
            for event in row["events"] or ()
            if event["kind"] not in words.FOR_STAFF
        ],
        parcels=parcels,
        can_retry=waits and row["attempt"] in ("requires_action", "declined", "expired"),
        pay_words="Go on to the payment page" if row["attempt"] == "requires_action" else "Try paying again",
        refresh=row["status"] == "placing" or (waits and row["attempt"] in ("created", "sending", "unknown")),
        currency=row["currency"],
        placed_at=row["placed_at"],
    )


def address_lines(name: str, address: Mapping[str, str]) -> list[str]:
    """Name and address as they stand on a parcel."""
    parts = (address.get(key, "") for key in ("line1", "line2", "city", "postcode", "country_name"))
    return [name, *(part for part in parts if part)]


def _line_view(line: Mapping[str, Any]) -> OrderLineView:
    hash = line["picture_hash"]
    return OrderLineView(
        title=line["title"],
        variant_title=line["variant_title"],
        url=line["url"],
        picture=picture_of({"hash": hash, "alt": line["title"], "width": 800, "height": 1000} if hash else None),
        quantity=line["quantity"],
        unit_price=line["unit_price"],
        line_total=line["line_total"],
    )

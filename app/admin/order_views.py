"""What the admin shows of orders; money in minor units."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from app.orders import queries as orders
from app.orders.queries import Papers
from app.payments.queries import Refund
from app.promotions.queries import Discount


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order in the list; money in minor units."""

    order_id: UUID
    number: str
    email: str
    name: str
    total: int
    currency: str
    status: str
    payment_status: str
    fulfilment_status: str
    placed_at: datetime


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order and the state of its reservation, None when there is none."""

    id: UUID
    variant_id: UUID
    sku: str
    title: str
    variant_title: str
    personal_label: str
    personal_text: str
    promise: str
    unit_price: int
    quantity: int
    shipped: int
    cancelled: int
    refunded: int
    uncharged: int
    line_discount: int
    line_total: int
    reservation: str | None = None
    expires_at: datetime | None = None

    @property
    def to_come(self) -> int:
        """Units that are still to be sent."""
        return self.quantity - self.shipped - self.cancelled

    @property
    def field(self) -> str:
        """What its field in the form of a parcel is called."""
        return f"ship-{self.id}"

    @property
    def cancel_field(self) -> str:
        """And in the form that gives units up."""
        return f"cancel-{self.id}"

    @property
    def refund_field(self) -> str:
        """And in the form of a refund."""
        return f"refund-{self.id}"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to be paid."""

    number: int
    status: str
    amount: int
    captured: int
    currency: str
    provider: str
    reference: str
    until: datetime | None
    updated_at: datetime
    frozen: str = ""
    dispute: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the order's history."""

    kind: str
    note: str
    at: datetime

    @property
    def words(self) -> str:
        return self.kind.replace("_", " ").capitalize()


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of an order. `uncharged`: what was given up before its money was taken. `typed`, `errors`: of its forms; one that is sent twice with its `key` is done once."""

    id: UUID
    number: str
    email: str
    name: str
    address: dict[str, str]
    shipping_title: str
    note: str
    subtotal: int
    shipping: int
    discount: int
    tax: int
    total: int
    currency: str
    status: str
    payment_status: str
    fulfilment_status: str
    reason: str
    version: int
    created_at: datetime
    placed_at: datetime | None
    lines: list[Line]
    attempts: list[Attempt]
    steps: list[Step]
    parcels: list[orders.Parcel]
    refunds: list[Refund]
    returns: list[orders.Return]
    uncharged: int
    papers: Papers = Papers()
    discounts: list[Discount] = []
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    key: UUID = msgspec.field(default_factory=uuid4)

    @property
    def refundable(self) -> int:
        """What was taken and is not on its way back."""
        taken = sum(attempt.captured for attempt in self.attempts)
        return taken - sum(refund.amount for refund in self.refunds if refund.status != "failed")

    @property
    def frozen(self) -> str:
        """Why the money has not come, for staff to decide what next; empty when all is well."""
        waits = {"placed": "authorised", "awaiting_payment": "unknown"}.get(self.status)
        return self.attempts[-1].frozen if self.attempts and self.attempts[-1].status == waits else ""

    @property
    def dispute(self) -> str:
        """How a dispute over its money stands: open | won | lost, or empty."""
        return next((attempt.dispute for attempt in reversed(self.attempts) if attempt.dispute), "")

    @property
    def can_cancel(self) -> bool:
        """Whether the whole order can be undone: nothing of it was sent, or its payment waits for a person."""
        unclear = self.status == "awaiting_payment" and bool(self.frozen)
        return unclear or (self.status == "placed" and not any(line.shipped for line in self.lines))

    @property
    def can_cancel_part(self) -> bool:
        """Whether units can be given up and something of the order stays."""
        to_come = sum(line.to_come for line in self.to_send)
        return to_come > 1 or (to_come == 1 and not self.can_cancel)

    @property
    def to_send(self) -> list[Line]:
        """Lines of which something can be sent now: none while the money does not come, or is disputed."""
        stopped = self.frozen or self.dispute in ("open", "lost")
        return [line for line in self.lines if line.to_come] if self.status == "placed" and not stopped else []

    @property
    def address_lines(self) -> list[str]:
        return [*orders.address_lines(self.name, self.address), *filter(None, [self.address.get("phone")])]

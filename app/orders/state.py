"""Where an order stands, as far as its next step needs to know."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.orders import rules
from app.payments.queries import Attempt

ENDING = "ending_earlier"  # the reason of an order that waits for that, and the kind of its history's line
OF_EARLIER = frozenset({ENDING, "paid_before", "not_ended"})  # reasons that lie in an order whose place it takes
UNPAID = ("placing", "awaiting_payment")  # statuses of orders that money can still be asked for


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is reserved for a line. `uncharged`: those of the cancelled units whose money was never taken."""

    variant_id: UUID
    reservation_id: UUID
    quantity: int
    title: str
    personal_text: str = ""
    shipped: int = 0
    cancelled: int = 0
    uncharged: int = 0
    line_total: int = 0


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """A use of a limit, reserved like a unit of goods. `title`: what is used up when there is none left.

    `one_each`: of a customer's right to one of a product, which comes back when the order is cancelled.
    """

    limit_id: UUID
    reservation_id: UUID
    title: str
    one_each: bool = False


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order stands, as far as its next step needs to know. `age`: seconds since it was placed.

    `pays_first`: its money is taken as soon as it is placed, whatever the shop does otherwise. `replaces`: orders, of any
    bucket, that were unpaid when this one was promised.
    """

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
    pays_first: bool = False
    replaces: tuple[UUID, ...] = ()
    lines: tuple[Line, ...]
    uses: tuple[Used, ...] = ()
    attempt: Attempt | None = None

    @property
    def is_paid(self) -> bool:
        """Whether there is money for it."""
        return self.status in ("placed", "closed")

    @property
    def is_unclear(self) -> bool:
        """Whether other money than asked for was booked for it before it was paid: only a person goes on."""
        return self.status == "awaiting_payment" and self.attempt is not None and bool(self.attempt.frozen)

    @property
    def may_end_paid(self) -> bool:
        """Whether it is paid, or can still be."""
        return self.is_paid or self.status in UNPAID

    @property
    def replaces_in_vain(self) -> bool:
        """Whether it is over because of an order whose place it should have taken: its page leads there."""
        return self.status == "rejected" and self.reason in OF_EARLIER

    @property
    def reservations(self) -> list[tuple[UUID, UUID]]:
        """What inventory's pin, claim and release take, each once."""
        of_limits = [(use.limit_id, use.reservation_id) for use in self.uses]
        return list(dict.fromkeys((line.variant_id, line.reservation_id) for line in self.lines)) + of_limits

    @property
    def wanted(self) -> list[tuple[UUID, int, str]]:
        """What is to be held: (variant or limit, units, title; "" of a limit), each once.

        Lines of one variant that say something else are one reservation: held apart, the second would find the first's
        id, be told that it is held, and sell what nobody put aside.
        """
        units: dict[UUID, tuple[int, str]] = {}
        for line in self.lines:
            units[line.variant_id] = (units.get(line.variant_id, (0, ""))[0] + line.quantity, line.title)
        of_lines = [(id, quantity, title) for id, (quantity, title) in units.items()]
        return sorted(of_lines + [(use.limit_id, 1, "") for use in self.uses])

    @property
    def bought(self) -> list[tuple[UUID, int, str]]:
        """Its lines as carts have them: (variant, units, text)."""
        return [(line.variant_id, line.quantity, line.personal_text) for line in self.lines]

    @property
    def shipped(self) -> int:
        """Units that were sent."""
        return sum(line.shipped for line in self.lines)

    @property
    def to_come(self) -> int:
        """Units that are still to be sent."""
        return sum(line.quantity - line.shipped - line.cancelled for line in self.lines)

    @property
    def due(self) -> int:
        """What is to be taken for it: all but what was given up before."""
        return self.total - sum(
            rules.part_of(line.line_total, line.quantity, before=0, units=line.uncharged) for line in self.lines
        )

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

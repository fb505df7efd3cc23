from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from app.values import CROCKFORD, bucket_mark

RANDOM_CHARS = 5
RATE = re.compile(r"([A-Z]{2})=([0-9.]+)")

NEXT: dict[str, frozenset[str]] = {
    "placing": frozenset({"awaiting_payment", "rejected"}),
    "awaiting_payment": frozenset({"placed", "rejected", "cancelled"}),
    "placed": frozenset({"closed", "cancelled"}),
}
PAYMENT = {
    "created": "pending",
    "sending": "pending",
    "requires_action": "pending",
    "unknown": "pending",
    "authorised": "authorised",
    "captured": "captured",
    "voided": "voided",
    "declined": "failed",
    "expired": "failed",
}
# What of an order `o` was given up before its money was taken, as State.due takes it off.
UNCHARGED = "(SELECT coalesce(sum(l.line_total * l.uncharged / l.quantity), 0)::bigint FROM order_line l WHERE l.order_id = o.id)"
FULFILMENT = {"rejected": "cancelled", "cancelled": "cancelled", "closed": "fulfilled"}


class Derived(NamedTuple):
    """The two statuses that follow from others."""

    payment: str
    fulfilment: str


def derived(
    status: str, attempt: str | None, *, captured: int = 0, refunded: int = 0, shipped: int = 0, to_come: int = 1
) -> Derived:
    """Payment and fulfilment status of an order, from its own status and that of its last payment attempt.

    `captured`, `refunded`: what that attempt has brought, and what of it has gone back. `shipped`, `to_come`: units.
    """
    payment = PAYMENT[attempt] if attempt else "none"
    if refunded:
        payment = "refunded" if refunded >= captured else "partially_refunded"
    if not shipped and not to_come:
        return Derived(payment, "cancelled")
    sent = ("partial" if to_come else "fulfilled") if shipped else "unfulfilled"
    return Derived(payment, FULFILMENT.get(status, sent))


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is charged: `discount` is its share of the order's, `tax` is contained in `total`."""

    variant_id: UUID
    unit_price: int
    quantity: int
    discount: int
    tax: int
    total: int


def priced(variant_id: UUID, unit_price: int, quantity: int, discount: int = 0, *, rate: int) -> Priced:
    """One line, rounded once: its tax at this rate."""
    total = unit_price * quantity - discount
    return Priced(
        variant_id=variant_id,
        unit_price=unit_price,
        quantity=quantity,
        discount=discount,
        tax=tax_in(total, rate),
        total=total,
    )


def rate_of(country: str, rates: str) -> int:
    """The rate of VAT, in basis points, of what goes there; 0 where no rate is named: that leaves without our VAT.

    `rates`: VITRINE_VAT, such as "GB=20, DE=19"; the first is of the country that is not known yet.
    """
    by_country = {name: round(float(percent) * 100) for name, percent in RATE.findall(rates)}
    return by_country.get(country or next(iter(by_country), ""), 0)


def tax_in(gross: int, rate: int) -> int:
    """The tax contained in a price: gross - gross / (1 + rate), the net rounded half away from zero. Rate in basis points."""
    whole = 10_000 + rate
    net = (2 * abs(gross) * 10_000 + whole) // (2 * whole)
    return gross - (net if gross >= 0 else -net)


def part_of(total: int, quantity: int, *, before: int, units: int) -> int:
    """What `units` of a line's `quantity` cost, after `before` others: whoever gives back all has given back `total`."""
    return total * (before + units) // quantity - total * before // quantity


def new_number(bucket: int) -> str:
    """An order number: its bucket in 2 characters, 5 random ones, 1 check. Unique once stored; the caller retries."""
    text = bucket_mark(bucket) + "".join(secrets.choice(CROCKFORD) for _ in range(RANDOM_CHARS))
    return text + _check(text)


def read_number(text: str) -> str | None:
    """The order number somebody typed or clicked, tidied; None when it can't be one. Crockford: O is 0, I and L are 1."""
    tidy = text.upper().replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
    good = len(tidy) == 8 and all(char in CROCKFORD for char in tidy) and _check(tidy[:7]) == tidy[7]
    return tidy if good else None


def _check(text: str) -> str:
    """The characters' values, weighted 1, 3, 5 ..., mod 32: odd weights notice any single wrong character."""
    return CROCKFORD[sum(CROCKFORD.index(char) * (2 * at + 1) for at, char in enumerate(text)) % 32]


def quote_hash(
    lines: Sequence[tuple[UUID, str, int, int]],
    shipping_code: str,
    sums: Sequence[int],
    off: Sequence[tuple[str, str, int, int]] = (),
    *,
    paid_at_once: bool = False,
) -> str:
    """What was promised, as a fingerprint. Lines: (variant, text on it, quantity, unit price); sums: shipping, discount, tax, total.

    `off`: of each promotion its id, code, and what it takes off goods and delivery. `paid_at_once`: the money is taken with the order.
    """
    told = [
        sorted((variant.hex, text, quantity, price) for variant, text, quantity, price in lines),
        shipping_code,
        list(sums),
        off,
        paid_at_once,
    ]
    return _fingerprint(told)


def recipient_hash(email: str, name: str, address: Mapping[str, str]) -> str:
    """Who gets the order, and where, as a fingerprint."""
    return _fingerprint([email, name, sorted(address.items())])


def promise_hash(quote: str, recipient: str, note: str) -> str:
    """All that a shopper agreed to, as a fingerprint: quote_hash, recipient_hash and what they wrote. The same one is the same order."""
    return _fingerprint([quote, recipient, note])


def _fingerprint(told: list[object]) -> str:
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order stands. `attempt`: the status of its last payment attempt.

    `age`: seconds since it was placed; `idle`: since its last attempt moved; the others: payments.queries.Attempt.
    """

    status: str
    attempt: str | None = None
    age: float = 0
    idle: float = 0
    over: bool = False
    unanswered: bool = False
    frozen: bool = False


def next_step(order: Standing, *, unpaid_for: float) -> str | None:
    """What to do now for an order: reserve | expire | pay | ask_again | end | cancel; None when all there is to do is wait.

    `unpaid_for`: seconds until an order without payment is given up.
    """
    if order.status == "placing":
        return "reserve" if order.age <= unpaid_for else "expire"
    if order.status != "awaiting_payment" or order.frozen:
        return None
    if order.attempt == "created":
        return "pay"
    if order.attempt == "requires_action":
        return "end" if order.over else None
    if order.attempt in ("sending", "unknown"):
        return ("end" if order.over else "ask_again") if order.unanswered else None
    return "cancel" if order.idle > unpaid_for else None

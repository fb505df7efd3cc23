from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

import msgspec

from app.values import HOUR

MOST = 99  # units of one variant in a cart; the badge shows two digits
CODES, CODES_IN = 20, HOUR  # codes that may be typed for one cart, right or wrong, and in how many seconds
MOST_LINES = 60  # different variants in a cart: one order stays one page, and one purge list

GONE = "No longer sold. Please remove it to go on."
SOLD_OUT = "Sold out. Please remove it to go on."
FOREIGN = "Its price is not in this shop's currency. Please remove it to go on."


class Offer(Protocol):
    """What a cart must know of something on sale; catalog.queries.Sellable."""

    @property
    def band(self) -> str: ...
    @property
    def policy(self) -> str: ...
    @property
    def available(self) -> bool: ...
    @property
    def currency(self) -> str: ...
    @property
    def foreign(self) -> bool: ...
    @property
    def text_refused(self) -> str | None: ...
    def price_for(self, quantity: int) -> int: ...


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line as it is stored. `seen_price`: of a single unit, minor units, when it was last put in or changed."""

    line_id: UUID
    variant_id: UUID
    quantity: int
    seen_price: int
    personal_text: str = ""


class Cart(msgspec.Struct, frozen=True, kw_only=True):
    """A shopper's active cart. Placing compares `version`: it counts every change."""

    cart_id: UUID
    shopper_id: UUID
    version: int
    items: tuple[Item, ...]
    code: str = ""
    order_id: UUID | None = None

    @property
    def units(self) -> int:
        return sum(item.quantity for item in self.items)

    @property
    def lines(self) -> list[tuple[UUID, int]]:
        """What is in it: (variant_id, quantity), a line each."""
        return [(item.variant_id, item.quantity) for item in self.items]


class Wanted(Protocol):
    """So many units of a variant; Item or views.CartLineView."""

    @property
    def line_id(self) -> UUID: ...
    @property
    def variant_id(self) -> UUID: ...
    @property
    def quantity(self) -> int: ...


def sold_out(offer: Offer) -> bool:
    """Whether its band says that there is none. What is made, sent or delivered later can always be bought."""
    return offer.policy == "stock" and offer.band == "out"


def why_not(offer: Offer | None) -> str | None:
    """Why this can't be bought now, in words; None when it can. The exact number is checked when an order reserves."""
    if offer is None or not offer.available:
        return GONE
    if offer.foreign:
        return FOREIGN
    return SOLD_OUT if sold_out(offer) else offer.text_refused


def units_of(items: Iterable[Wanted]) -> Counter[UUID]:
    """Units by variant: a lower price from a quantity on counts them together, whatever is written on them."""
    units: Counter[UUID] = Counter()
    for item in items:
        units[item.variant_id] += item.quantity
    return units


def repriced(item: Item, offer: Offer | None) -> bool:
    """Whether one unit of what can be bought costs something else than the shopper saw."""
    return offer is not None and why_not(offer) is None and offer.price_for(1) != item.seen_price


def notice(item: Item, offer: Offer | None, money: Callable[[int, str], str]) -> str | None:
    """What the shopper should know of a line: why it can't be bought, that its price changed."""
    blocked = why_not(offer)
    if blocked or offer is None:
        return blocked
    told = []
    if repriced(item, offer):
        old, new = money(item.seen_price, offer.currency), money(offer.price_for(1), offer.currency)
        told.append(f"One was {old} when you put it in, now it is {new}.")
    return " ".join(told) or None


def shared_out(lines: Iterable[Wanted], free: Mapping[UUID, int]) -> dict[UUID, int]:
    """How many each line can have, by its id, of those that can't have what they ask for: the lines above are served first."""
    rest, left = dict(free), {}
    for line in lines:
        if line.variant_id not in rest:
            continue
        given = min(line.quantity, rest[line.variant_id])
        rest[line.variant_id] -= given
        if given < line.quantity:
            left[line.line_id] = given
    return left


def too_few(left: int, wanted: int) -> str:
    """What a shopper reads of a line that asks for more than there is."""
    if not left:
        return "None is left."
    return f"Only {left} {'is' if left == 1 else 'are'} left, you asked for {wanted}."


def free_shipping_left(subtotal: int, thresholds: Sequence[int | None]) -> int | None:
    """What is missing until a way to deliver is free, 0 when one is; None where none ever becomes free."""
    sums = [each for each in thresholds if each is not None]
    return max(min(sums) - subtotal, 0) if sums else None


def summary(blocked: int, repriced: int) -> list[str]:
    """Notices for the head of the cart, from how many lines can't be bought and how many cost something else now."""
    told = []
    if blocked:
        told.append(
            "One thing in your cart can't be bought now: change it or take it out."
            if blocked == 1
            else f"{blocked} things in your cart can't be bought now: change them or take them out."
        )
    if repriced:
        told.append(
            "A price has changed since you put it in."
            if repriced == 1
            else f"{repriced} prices have changed since you put them in."
        )
    return told


def joined_words(lines: str, left: str = "") -> list[str]:
    """What a shopper reads whose cart gained so many lines when they signed in, and had no place for others."""
    came, out = _few(lines), _few(left)
    told = []
    if came == 1:
        told.append("One thing that you had put in before you signed in is in your cart, too.")
    elif came:
        told.append(f"{came} things that you had put in before you signed in are in your cart, too.")
    if out:
        what = "One more thing stays" if out == 1 else f"{out} more things stay"
        told.append(f"{what} out: a cart holds at most {MOST_LINES} different things.")
    return told


def _few(number: str) -> int:
    """A number that an address may say about lines, or 0."""
    return int(number) if number.isdecimal() and number.isascii() and 1 <= int(number[:4]) <= MOST_LINES else 0


def read_id(text: str) -> UUID | None:
    """The id that an address names; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None

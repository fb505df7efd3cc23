"""What a basket saves, exact to the last minor unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from app.promotions.terms import Cheapest, Delivery, Fixed, Item, Percent, Promotion, Terms, is_for

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
WHOLE = 10_000  # basis points


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion that applies. `code`: what was typed for it; empty for an automatic one."""

    promotion: Promotion
    code: str = ""


class Saving(msgspec.Struct, frozen=True, kw_only=True):
    """What one promotion takes off the goods: `amount` in all, `parts` of each line of the basket."""

    offer: Offer
    parts: tuple[int, ...]

    @property
    def amount(self) -> int:
        return sum(self.parts)


class Reckoning(msgspec.Struct, frozen=True, kw_only=True):
    """What a basket saves. `delivery`: who may make it free, first come first served; `unused`: goods' offers that lost."""

    savings: tuple[Saving, ...] = ()
    delivery: tuple[Offer, ...] = ()
    unused: tuple[Offer, ...] = ()

    @property
    def amount(self) -> int:
        return sum(saving.amount for saving in self.savings)

    @property
    def parts(self) -> list[int]:
        """What is off each line of the basket, in its order; empty when nothing is off."""
        return [sum(of_line) for of_line in zip(*(saving.parts for saving in self.savings), strict=True)]


def reckon(items: Sequence[Item], offers: Iterable[Offer]) -> Reckoning:
    """The one rule for several promotions: the shopper gets what is less to pay.

    Either all that combine, one after another by priority, each off what those before it left; or one that does not
    combine, alone. Delivery is a sum of its own: free delivery goes with everything.
    """
    ordered = sorted(offers, key=lambda offer: (offer.promotion.priority, offer.promotion.id))
    goods = [offer for offer in ordered if not isinstance(offer.promotion.terms.action, Delivery)]
    together = [offer for offer in goods if offer.promotion.combines]
    ways = [together, *([offer] for offer in goods if not offer.promotion.combines)]
    best = max((_savings(items, way) for way in ways), key=lambda savings: sum(each.amount for each in savings))
    used = [saving.offer for saving in best]
    return Reckoning(
        savings=tuple(best),
        delivery=tuple(offer for offer in ordered if isinstance(offer.promotion.terms.action, Delivery)),
        unused=tuple(offer for offer in goods if offer not in used),
    )


def delivers_free(offer: Offer, price: int) -> bool:
    """Whether it makes a way to deliver of this price free."""
    action = offer.promotion.terms.action
    return isinstance(action, Delivery) and price > 0 and (action.most is None or price <= action.most)


def _savings(items: Sequence[Item], offers: Iterable[Offer]) -> list[Saving]:
    left = [item.cost for item in items]
    savings = []
    for offer in offers:
        parts = _parts(offer.promotion.terms, items, left)
        if any(parts):
            savings.append(Saving(offer=offer, parts=tuple(parts)))
            left = [before - part for before, part in zip(left, parts, strict=True)]
    return savings


def _parts(terms: Terms, items: Sequence[Item], left: Sequence[int]) -> list[int]:
    """What it takes off each line, of which `left` is what others left."""
    meant = [is_for(terms, item) for item in items]
    base = [amount if terms.whole or is_meant else 0 for amount, is_meant in zip(left, meant, strict=True)]
    match terms.action:
        case Percent(basis_points=points):
            return shares((2 * sum(base) * points + WHOLE) // (2 * WHOLE), base)  # rounded once, half up
        case Fixed(amount=amount):
            return shares(min(amount, sum(base)), base)
        case Cheapest(buy=buy, get=get):
            free = _cheapest(
                [item if is_meant else None for item, is_meant in zip(items, meant, strict=True)], buy, get
            )
            return [amount * units // item.quantity for amount, units, item in zip(left, free, items, strict=True)]
    return [0] * len(items)


def _cheapest(items: Sequence[Item | None], buy: int, get: int) -> list[int]:
    """How many units of each line are free: the cheapest of all, the earlier line first."""
    units = sum(item.quantity for item in items if item)
    to_give = units // (buy + get) * get
    free = [0] * len(items)
    for at, item in sorted(enumerate(items), key=lambda pair: pair[1].unit_price if pair[1] else 0):
        if item:
            free[at] = min(item.quantity, to_give)
            to_give -= free[at]
    return free


def units_missing(terms: Terms, items: Sequence[Item]) -> int:
    """How many more of what it is for make the next ones free, once all that must be paid for them are there; else 0."""
    if not isinstance(terms.action, Cheapest):
        return 0
    buy, whole = terms.action.buy, terms.action.buy + terms.action.get
    over = sum(item.quantity for item in items if is_for(terms, item)) % whole
    return whole - over if over >= buy else 0


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` split like `weights`, to the last unit: largest remainder first, then the earlier one (Hamilton's method)."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % whole), at))
    for at in by_remainder[: amount - sum(parts)]:
        parts[at] += 1
    return parts


def tidy_code(text: str) -> str | None:
    """The code somebody typed, as it is kept: upper case, without spaces. None when it can't be one."""
    tight = re.sub(r"\s", "", text).upper()
    return tight if CODE.fullmatch(tight) else None


def limit_name(promotion_id: UUID) -> str:
    """What the counter of a promotion's uses is called; with an e-mail address, that of the address's share."""
    return f"promotion:{promotion_id.hex}"


def code_name(code: str) -> str:
    """What the counter of a code that works once is called."""
    return f"code:{code}"

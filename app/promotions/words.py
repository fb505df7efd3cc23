"""What a shopper reads of a code that takes nothing off, and staff of any promotion: one place, so that all pages say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.promotions.terms import Check, Promotion

Money = Callable[[int], str]
Day = Callable[[datetime], str]

UNKNOWN = "We don't know this code. Please look how it is written."
TOO_OFTEN = "That was a lot of codes. Please try again in an hour."
ASKED_LATER = "It is for a first order; at the checkout we look by your e-mail address."
OTHERS_SAVE_MORE = "The other offers save you more, and this one does not go with them."
HARD = frozenset({"state", "over", "started", "market", "left"})  # nothing a shopper changes in the cart helps


def why(check: Check, promotion: Promotion, *, money: Money, day: Day) -> str:
    """Why a code does not work (yet), and what would help."""
    some = " of what it is for" if promotion.terms.only or promotion.terms.but_not else ""
    at = day(check.at) if check.at else ""
    return {
        "state": UNKNOWN,
        "over": f"This code ended on {at}." if at else "This code has ended.",
        "started": f"This code works from {at}.",
        "market": "This code is for another country's shop.",
        "counted": "We can't look this code up at the moment. Please try again in a few minutes.",
        "left": "This code has been used." if promotion.trigger == "codes" else "This code has been used up.",
        "share": "This code has been used with your e-mail address as often as it can be.",
        "first_order": "This code is for a first order, and there was one before.",
        "goods": "This code is not for anything in your cart.",
        "minimum": f"Add {money(check.amount)} more{some} and it comes off.",
    }[check.kind]


def nearly(promotion: Promotion, wrong: Check | None, units: int, money: Money) -> str:
    """What little is missing for an offer that applies by itself: `units` of it, or less than half of its minimum; else nothing."""
    if wrong is None and units:
        more = (
            "one more, and the cheapest is free" if units == 1 else f"{units} more, and the {units} cheapest are free"
        )
        return f"{promotion.title}: {more}."
    if wrong and wrong.kind == "minimum" and wrong.amount * 2 < promotion.terms.minimum:
        some = " of what it is for" if promotion.terms.only or promotion.terms.but_not else ""
        return f"{promotion.title}: {money(wrong.amount)} more{some}, and it is yours."
    return ""


STAFF = {
    "state": ("It is active", "It is a draft"),
    "over": ("It has not ended", "It has ended"),
    "started": ("It has started", "It has not started"),
    "market": ("It is for this market and currency", "It is for another market or currency"),
    "counted": ("Its uses are counted", "Its uses can't be counted now: a database is away"),
    "left": ("It is not used up", "It is used up"),
    "share": ("This address may use it", "This address has used it as often as it may"),
    "first_order": ("It is not only for first orders, or this is one", "It is for first orders, and this is none"),
    "goods": ("It is for something in this cart", "Nothing in this cart is what it is for"),
    "minimum": ("The goods it is for cost enough", "The goods it is for cost too little"),
}


def told(check: Check, *, money: Money, day: Day) -> str:
    """The same for staff, good or not."""
    words = STAFF[check.kind][not check.good]
    if check.good:
        return words
    if check.amount:
        return f"{words}: {money(check.amount)} is missing"
    return f"{words}: {day(check.at)}" if check.at else words

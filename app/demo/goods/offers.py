"""The demo shop's promotions: one for newcomers, one of each kind that applies by itself, one that is over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from app.demo.mint import mint
from app.promotions.terms import Cheapest, Delivery, Percent, Terms


class Promotion(NamedTuple):
    """`code` is empty for one that applies by itself; `over`: when it ended."""

    title: str
    code: str
    terms: Terms
    over: datetime | None = None
    each: int | None = None


PROMOTIONS = (
    Promotion("Welcome, 10 % off", "WELCOME10", Terms(action=Percent(basis_points=1000), first_order=True), each=1),
    Promotion(
        "3 for 2 on pencils",
        "",
        Terms(action=Cheapest(buy=2, get=1), only=(mint("category", "desk/pencils"),)),
    ),
    Promotion("Next day, on us, from £150", "", Terms(action=Delivery(most=995), minimum=150_00)),
    Promotion(
        "Autumn, 15 % off",
        "AUTUMN15",
        Terms(action=Percent(basis_points=1500), minimum=40_00),
        over=datetime(2026, 10, 31, 23, tzinfo=UTC),
    ),
)


def row_of(offer: Promotion, terms: str) -> tuple[Any, ...]:
    """Its row, as columns.py has them."""
    trigger = "code" if offer.code else "automatic"
    state = "ended" if offer.over else "active"
    return (
        mint("promotion", offer.title), offer.title, state, trigger, offer.over, 10, True, "GBP", terms, offer.each,
    )  # fmt: skip

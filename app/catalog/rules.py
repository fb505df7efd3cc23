from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

PER_PAGE = 24
NEW_FOR = timedelta(days=30)
MEASURES = re.compile(r"(?<=\d)x(?=\d)")  # as in 80x240
BUYABLE = ("in", "few", "later")  # best first; `later` is made to order or sent on a date


class PriceBreak(msgspec.Struct, frozen=True, kw_only=True):
    """From `min_quantity` units on, each costs `price`."""

    min_quantity: int
    price: int


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    value: str


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """What a product type knows of its products. `values` gives words for values that are codes."""

    code: str
    label: str
    kind: str = "text"
    unit: str | None = None
    is_option: bool = False
    is_facet: bool = False
    is_public: bool = True
    values: dict[str, str] = {}


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One variant on sale, in the order of its product. `prices`: (from quantity, amount, was), the first from 1 on.

    `proved`: `was` is the lowest price of the 30 days before; `ends`: until when the price holds; `turns`: when time alone changes it.
    """

    id: UUID
    sku: str
    title: str
    options: dict[str, str]
    policy: str
    lead_days: int
    band: str
    back_on: date | None
    prices: list[tuple[int, int, int | None]]
    proved: bool = False
    ends: datetime | None = None
    turns: datetime | None = None

    @property
    def price(self) -> int:
        return self.prices[0][1]

    @property
    def was(self) -> int | None:
        return self.prices[0][2]

    @property
    def breaks(self) -> list[PriceBreak]:
        return breaks_of(self.prices)


def breaks_of(prices: Sequence[Sequence[Any]]) -> list[PriceBreak]:
    """The breaks among (from quantity, amount, ...): those that cost less than any smaller quantity, which a sale may undercut."""
    cheaper, least = [], prices[0][1]
    for many, amount, *_ in prices[1:]:
        if amount < least:
            cheaper.append(PriceBreak(min_quantity=many, price=amount))
            least = amount
    return cheaper


def price_for(unit_price: int, breaks: Iterable[PriceBreak], quantity: int) -> int:
    """What one unit costs when `quantity` are bought: the price of the highest break reached."""
    reached = [each for each in breaks if each.min_quantity <= quantity]
    return max(reached, key=lambda each: each.min_quantity).price if reached else unit_price


def badge_of(was: int | None, band: str, since: datetime, now: datetime) -> str | None:
    """The one word on a card's picture; `since` is when the product came into the shop."""
    if band == "out":
        return None
    if was is not None:
        return "Sale"
    return "New" if timedelta() <= now - since < NEW_FOR else None


def said(attribute: Attribute, value: Any) -> str:
    """A value as people say it: its own words, with its unit, or yes and no."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(said(attribute, each) for each in value)
    text = str(value)
    words = attribute.values.get(text) or MEASURES.sub(" × ", text.replace("-", " "))
    return f"{words} {attribute.unit}" if attribute.unit else words[:1].upper() + words[1:]


def facts_of(attributes: Iterable[Attribute], values: Mapping[str, Any]) -> list[Fact]:
    """The public attributes of a product that are no options, in the order of its type."""
    shown = [
        each
        for each in attributes
        if each.is_public and not each.is_option and values.get(each.code) not in (None, "", [])
    ]
    return [Fact(label=each.label, value=said(each, values[each.code])) for each in shown]


def paragraphs_of(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def asked_options(query: Mapping[str, str]) -> dict[str, str]:
    """Option code -> value, from parameters such as o_glaze=moss."""
    return {key[2:]: value for key, value in query.items() if key.startswith("o_")}


def page_number(text: str | None) -> int | None:
    """A page of a list, from 1; None for what is no page number."""
    if not text:
        return 1
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and text[0] != "0" else None


def pages_of(total: int) -> int:
    """How many pages hold `total` products; an empty list has one."""
    return max(1, -(-total // PER_PAGE))

"""What a product of the demo shop is, before it becomes rows: a draft with options, prices and a picture's parameters."""

from __future__ import annotations

from typing import Any

import msgspec


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute of a product type, as `product_type.attributes` keeps it. `values`: words for values that are codes.

    `colours`: value -> #rrggbb, of the dots of a facet of kind swatch.
    """

    code: str
    label: str
    kind: str = "text"
    unit: str | None = None
    is_option: bool = False
    is_facet: bool = False
    is_public: bool = True
    values: dict[str, str] = {}
    facet_kind: str = "check"
    facet_order: int = 100
    colours: dict[str, str] = {}


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A product type; its options come first, the one that decides the looks before all."""

    code: str
    title: str
    attributes: tuple[Attribute, ...]

    def option(self, code: str) -> Attribute:
        return next(each for each in self.attributes if each.code == code and each.is_option)


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    slug: str
    name: str
    place: str
    story: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A product as written. Money in pence including VAT.

    `options`: values by option code, in order; their product are the variants. `extra`: what a value adds to `price`.
    `was`: percent above today's price it cost before. `offer`: percent off for a while, days since it began, days until it ends. `breaks`: (from quantity, percent off). `personal`: what may be written on it, as catalog/personal.py says. `bulky`: does not fit a parcel. `one_each`: one per customer. `on_hand`: usual units;
    `scarce`: units of variants that have this value. `age`: days since it came in, `publish_in`: hours until it does.
    """

    slug: str
    title: str
    subtitle: str
    description: str
    kind: str
    maker: str
    category: str
    sku: str
    family: str
    price: int
    options: dict[str, tuple[str, ...]]
    drawn: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    extra: dict[str, dict[str, int]] = {}
    keywords: str = ""
    was: int = 0
    offer: tuple[int, int, int] | None = None
    breaks: tuple[tuple[int, int], ...] = ()
    personal: dict[str, Any] | None = None
    bulky: bool = False
    one_each: bool = False
    policy: str = "stock"
    lead_days: int = 0
    back_in: int = 0
    on_hand: int = 40
    scarce: dict[str, int] = {}
    age: int = 200
    publish_in: int = 0
    status: str = "published"
    euro: bool = True
    reviews: int = 0
    views: tuple[str, ...] = ("angle", "detail", "scene")


def option(code: str, label: str, unit: str | None = None, **values: str) -> Attribute:
    """An attribute the shopper chooses; also a facet. `values` are words for codes."""
    return Attribute(code=code, label=label, unit=unit, is_option=True, is_facet=True, values=values)


def fact(code: str, label: str, unit: str | None = None, facet: bool = False) -> Attribute:
    """Something to know about a product."""
    return Attribute(code=code, label=label, unit=unit, is_facet=facet, kind="number" if unit else "text")


def flag(code: str, label: str) -> Attribute:
    """A yes or no."""
    return Attribute(code=code, label=label, kind="flag", is_facet=True)


def hidden(code: str, label: str) -> Attribute:
    """For rules and facets only; product pages do not list it."""
    return Attribute(code=code, label=label, is_facet=True, is_public=False)

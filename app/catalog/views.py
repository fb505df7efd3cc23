"""What the catalogue's pages show. Money in minor units; a band is in | few | out | later."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from app.catalog import rules
from app.catalog.personal import Personal
from app.catalog.pictures import Picture


class Crumb(msgspec.Struct, frozen=True, kw_only=True):
    """A step on the way down to a page."""

    title: str
    url: str


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A way on; `count` is how many products lie there, where that is known."""

    title: str
    url: str
    current: bool = False
    count: int | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A product in a list. `price_to` only where its variants differ in price; `until`: when time alone changes badge or price."""

    product_id: UUID
    slug: str
    url: str
    title: str
    maker: str
    material: str | None
    price: int
    price_to: int | None
    was: int | None
    currency: str
    band: str
    picture: Picture
    badge: str | None
    until: datetime | None
    rating: float | None
    rating_count: int


class Sellable(msgspec.Struct, frozen=True, kw_only=True):
    """A variant as carts and orders need it. `unit_price` is for one unit, and 0 only where `available` is False.

    `available`: it is published, its product is on sale and it has a price; whether there is stock, inventory decides.
    `foreign`: its price is not in the shop's currency. `one_each`: a customer may buy one of its product. `bulky`: it does not fit a parcel. `pays_first`: it can't leave while the money stays set aside. `personal`: what may be written on it; `personal_text`: what is, and then prices contain what that costs.
    """

    variant_id: UUID
    product_id: UUID
    slug: str
    url: str
    title: str
    variant_title: str
    sku: str
    unit_price: int
    breaks: list[rules.PriceBreak]
    currency: str
    band: str
    back_on: date | None
    policy: str
    lead_days: int
    available: bool
    picture: Picture
    bulky: bool = False
    foreign: bool = False
    one_each: bool = False
    pays_first: bool = False
    personal: Personal | None = None
    personal_text: str = ""

    def saying(self, text: str) -> Sellable:
        """The same with this text on it, at the price of both."""
        more = self.personal.extra if self.personal and text else 0
        return msgspec.structs.replace(
            self,
            personal_text=text,
            unit_price=self.unit_price + more,
            breaks=[rules.PriceBreak(min_quantity=each.min_quantity, price=each.price + more) for each in self.breaks],
        )

    @property
    def personal_label(self) -> str:
        """What its text is, in the product's words; empty without one."""
        return self.personal.label if self.personal and self.personal_text else ""

    @property
    def text_refused(self) -> str | None:
        """Why it can't be had with its text, in words; None when it can."""
        if self.personal:
            return self.personal.refused(self.personal_text)
        return "Nothing can be written on this one any more." if self.personal_text else None

    def price_for(self, quantity: int) -> int:
        """What one unit costs when `quantity` are bought."""
        return rules.price_for(self.unit_price, self.breaks, quantity)


def product_url(slug: str) -> str:
    return f"/p/{slug}"


def category_url(path: str) -> str:
    """Where a category or a collection is."""
    return f"/c/{path}"

"""What a product's page and its panel show. Money in minor units; a band is in | few | out | later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from app.catalog import rules
from app.catalog.arrival import Arrival
from app.catalog.personal import Personal
from app.catalog.pictures import Picture
from app.catalog.views import Card, Crumb
from app.reviews.queries import ReviewsView


class OptionValue(msgspec.Struct, frozen=True, kw_only=True):
    """One value to choose; `url` is the product's page with it chosen. `state`: ok | sold_out | impossible.

    `send`: what its field sends, so that an impossible one makes the others give way; `note`: why not, in words.
    """

    value: str
    send: str
    note: str | None
    label: str
    swatch: str | None
    selected: bool
    state: str
    url: str


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something to choose; `chosen` is the label of the chosen value."""

    code: str
    label: str
    values: list[OptionValue]
    chosen: str | None


class VariantPanel(msgspec.Struct, frozen=True, kw_only=True):
    """What can be bought under the present choice. `missing`: labels still to choose; `reason`: why not, in words.

    `one_each`: a customer may buy one of the product. `bulky`: it does not fit a parcel, and its delivery costs at least `bulky_from`; None: no way to deliver carries it.
    `proved`: `was` is the lowest price of the 30 days before; `ends`: until when a price for a while holds.
    `moved`: which options gave way to the one chosen last, in words. `url`: the product's page with this choice. `until`: when the clock alone changes it.
    """

    product_id: UUID
    slug: str
    title: str
    variant_id: UUID | None
    sku: str | None
    variant_title: str | None
    price: int
    price_to: int | None
    was: int | None
    proved: bool = False
    ends: datetime | None = None
    currency: str
    band: str
    back_on: date | None
    lead_days: int
    policy: str
    options: list[Option]
    missing: list[str]
    reason: str | None
    moved: str | None
    buyable: bool
    breaks: list[rules.PriceBreak]
    picture: Picture
    url: str
    arrives: Arrival | None
    pays_first: bool = False
    personal: Personal | None = None
    one_each: bool = False
    bulky: bool = False
    bulky_from: int | None = None
    tags: frozenset[str]
    until: datetime | None = None


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    place: str
    story: str


class ProductView(msgspec.Struct, frozen=True, kw_only=True):
    """A product's page. `data`: the same for machines, schema.org. `until`: when time alone changes it."""

    product_id: UUID
    slug: str
    title: str
    subtitle: str
    paragraphs: list[str]
    maker: Maker
    crumbs: list[Crumb]
    panel: VariantPanel
    pictures: list[Picture]
    facts: list[rules.Fact]
    reviews: ReviewsView
    canonical: str
    data: list[dict[str, Any]]
    tags: frozenset[str]
    until: datetime | None = None


class QuickView(msgspec.Struct, frozen=True, kw_only=True):
    """A product at a glance, out of a list."""

    title: str
    subtitle: str
    maker: str
    url: str
    panel: VariantPanel
    tags: frozenset[str]


class ProductReviews(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a product's reviews, and whose they are."""

    card: Card
    reviews: ReviewsView

"""What a promotion is, and whether it applies to a basket: pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec


class Percent(msgspec.Struct, frozen=True, kw_only=True, tag="percent"):
    """So much of every 10,000."""

    basis_points: int


class Fixed(msgspec.Struct, frozen=True, kw_only=True, tag="fixed"):
    """An amount, once per order, in minor units; never more than the goods cost."""

    amount: int


class Cheapest(msgspec.Struct, frozen=True, kw_only=True, tag="cheapest"):
    """Of every `buy` + `get` units the `get` cheapest are free."""

    buy: int
    get: int


class Delivery(msgspec.Struct, frozen=True, kw_only=True, tag="delivery"):
    """Free delivery; with `most` only by ways that cost at most so much."""

    most: int | None = None


Action = Percent | Fixed | Cheapest | Delivery


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Conditions and action. `only` and `but_not`: ids of products, categories and collections; without `only` all goods.

    `minimum`: what the goods it is for cost at least, before any discount. `whole`: it is taken off all goods, not only those.
    """

    action: Action
    minimum: int = 0
    only: tuple[UUID, ...] = ()
    but_not: tuple[UUID, ...] = ()
    whole: bool = False
    first_order: bool = False
    markets: tuple[str, ...] = ()


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion as it stands. `most_uses`, `most_each`: in all, and by one e-mail address; None is no limit."""

    id: UUID
    title: str
    state: Literal["draft", "active", "ended"]
    trigger: Literal["automatic", "code", "codes"]
    starts_at: datetime | None
    ends_at: datetime | None
    priority: int
    combines: bool
    currency: str
    terms: Terms
    most_uses: int | None = None
    most_each: int | None = None
    version: int = 1

    @property
    def each(self) -> int | None:
        """Uses by one address: of something for first orders there is one."""
        return 1 if self.terms.first_order else self.most_each


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a basket. `groups`: ids of its product and of all categories and collections that it is in."""

    variant_id: UUID
    unit_price: int
    quantity: int
    groups: frozenset[UUID]

    @property
    def cost(self) -> int:
        return self.unit_price * self.quantity


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """What is bought, where and when. `first_order` is None while nobody knows whose order it is."""

    items: tuple[Item, ...]
    currency: str
    market: str
    now: datetime
    first_order: bool | None = None


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must be so. `amount`: what is missing (minimum); `at`: when it starts or has ended."""

    kind: Literal["state", "started", "over", "market", "counted", "left", "share", "first_order", "goods", "minimum"]
    good: bool
    amount: int = 0
    at: datetime | None = None


class Uses(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of its limits; None where there is none, or it is not known whose share is asked for.

    Not `counted`: who counts them does not answer.
    """

    left: int | None = None
    share: int | None = None
    counted: bool = True


NO_LIMITS = Uses()


def checks(promotion: Promotion, basket: Basket, uses: Uses = NO_LIMITS) -> list[Check]:
    """Everything that decides whether it applies, in the order in which a shopper should hear of it."""
    terms, now = promotion.terms, basket.now
    meant = [item for item in basket.items if is_for(terms, item)]
    missing = max(0, terms.minimum - sum(item.cost for item in meant))
    starts, ends = promotion.starts_at, promotion.ends_at
    here = promotion.currency == basket.currency and (not terms.markets or basket.market in terms.markets)
    return [
        Check(kind="state", good=promotion.state != "draft"),
        Check(kind="over", good=promotion.state != "ended" and (ends is None or now < ends), at=ends),
        Check(kind="started", good=starts is None or starts <= now, at=starts),
        Check(kind="market", good=here),
        Check(kind="counted", good=uses.counted),
        Check(kind="left", good=uses.left is None or uses.left > 0),
        Check(kind="share", good=uses.share is None or uses.share > 0),
        Check(kind="first_order", good=not terms.first_order or basket.first_order is not False),
        Check(kind="goods", good=bool(meant)),
        Check(kind="minimum", good=not missing, amount=missing),
    ]


def why_not(promotion: Promotion, basket: Basket, uses: Uses = NO_LIMITS) -> Check | None:
    """The first thing that keeps it from applying; None when it applies."""
    return next((each for each in checks(promotion, basket, uses) if not each.good), None)


def is_for(terms: Terms, item: Item) -> bool:
    """Whether it is for goods like these."""
    return (not terms.only or not item.groups.isdisjoint(terms.only)) and item.groups.isdisjoint(terms.but_not)

"""Goods and promotions as rules see them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from app.promotions.rules import Offer
from app.promotions.terms import Basket, Item, Percent, Promotion, Terms

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MUGS, LAMPS = UUID(int=1), UUID(int=2)


def an_item(price: int, quantity: int = 1, *groups: UUID, at: int = 9) -> Item:
    return Item(variant_id=UUID(int=at), unit_price=price, quantity=quantity, groups=frozenset(groups))


def a_promotion(action=None, *, number: int = 1, **more) -> Promotion:
    about = {name: more.pop(name) for name in list(more) if name in Terms.__struct_fields__}
    terms = Terms(action=action or Percent(basis_points=1000), **about)
    fields = {
        "state": "active", "trigger": "automatic", "starts_at": None, "ends_at": None, "priority": 10, "combines": True,
        "currency": "GBP", "title": f"Offer {number}",
    } | more  # fmt: skip
    return Promotion(id=UUID(int=number), terms=terms, **fields)


def an_offer(action=None, **more) -> Offer:
    return Offer(promotion=a_promotion(action, **more))


def a_basket(*items: Item, **more) -> Basket:
    return Basket(**({"items": items, "currency": "GBP", "market": "uk", "now": NOW} | more))

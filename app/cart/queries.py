from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from app.cart import rules
from app.cart.views import AddedView, BadgeView, CartLineView, CartView, RemovedView
from app.catalog import queries as catalog
from app.db.engines import Database, reading
from app.promotions import queries as promotions
from app.settings import settings
from app.web.templates import money, url

__all__ = [
    "AddedView", "BadgeView", "CartLineView", "CartView", "RemovedView", "added_view", "asked", "cart_of", "cart_view", "read_cart", "view_of",
]  # fmt: skip
ACTIVE = "SELECT id, version, code FROM cart WHERE shopper_id = $1 AND status = 'active'"
LINES = "SELECT id AS line_id, variant_id, quantity, seen_price FROM cart_line WHERE cart_id = $1 ORDER BY added_at, id"


async def cart_of(shopper_id: UUID) -> rules.Cart | None:
    """The shopper's active cart as it is stored, or None when they have none."""
    async with reading(shopper_id) as db:
        return await read_cart(db, shopper_id, ACTIVE)


async def read_cart(db: Database, shopper_id: UUID, active: str = ACTIVE) -> rules.Cart | None:
    """The same inside an open transaction of the shopper's shard; `active` finds the cart and may lock it."""
    cart = await db.fetchrow(active, shopper_id)
    if cart is None:
        return None
    rows = await db.fetch(LINES, cart["id"])
    items = tuple(rules.Item(**row) for row in rows)
    return rules.Cart(
        cart_id=cart["id"], shopper_id=shopper_id, version=cart["version"], items=items, code=cart["code"]
    )


async def cart_view(shopper_id: UUID, taken: tuple[UUID, int] | None = None) -> CartView:
    """The shopper's cart at today's prices, in two reads: their shard, then the catalogue.

    `taken`: a variant and its units, just removed; the view offers to put it back if it can be bought and is not there.
    """
    cart = await cart_of(shopper_id)
    items = cart.items if cart else ()
    wanted = {item.variant_id for item in items} | ({taken[0]} if taken else set())
    offers = await catalog.sellables(list(wanted)) if wanted else {}
    view = view_of(items, offers, await promotions.reckoned(asked(items, offers, cart.code if cart else "")))
    return msgspec.structs.replace(view, removed=_removed(items, taken, offers)) if taken else view


def _removed(
    items: Sequence[rules.Item], taken: tuple[UUID, int], offers: Mapping[UUID, catalog.Sellable]
) -> RemovedView | None:
    variant_id, quantity = taken
    offer = offers.get(variant_id)
    if offer is None or rules.why_not(offer) or any(item.variant_id == variant_id for item in items):
        return None
    return RemovedView(variant_id=variant_id, title=offer.title, quantity=quantity)


def added_view(offer: catalog.Sellable, quantity: int, units: int) -> AddedView:
    """What to tell a shopper who has put `quantity` of something in."""
    return AddedView(
        title=offer.title, variant_title=offer.variant_title, picture=offer.picture, quantity=quantity, units=units
    )


def asked(items: Sequence[rules.Item], offers: Mapping[UUID, catalog.Sellable], code: str) -> promotions.Ask:
    """What promotions are asked about a cart: the lines that can be bought, at today's prices."""
    sold = [(item, offers[item.variant_id]) for item in items if not rules.why_not(offers.get(item.variant_id))]
    return promotions.Ask(
        lines=[
            promotions.Wanted(
                variant_id=item.variant_id,
                product_id=offer.product_id,
                unit_price=offer.price_for(item.quantity),
                quantity=item.quantity,
            )
            for item, offer in sold
        ],
        currency=sold[0][1].currency if sold else settings().currency,
        code=code,
    )


def view_of(
    items: Sequence[rules.Item],
    offers: Mapping[UUID, catalog.Sellable],
    off: promotions.Reckoned = promotions.NOTHING,
) -> CartView:
    """Stored lines at the prices of `offers`; a variant that is missing there is no longer sold."""
    lines = [_line(item, offers.get(item.variant_id)) for item in items]
    blocked = sum(not line.available for line in lines)
    return CartView(
        lines=lines,
        units=sum(item.quantity for item in items),
        subtotal=sum(line.line_total for line in lines if line.available),
        currency=lines[0].currency if lines else settings().currency,
        notices=rules.summary(blocked, sum(line.available and line.notice is not None for line in lines)),
        can_checkout=bool(lines) and not blocked,
        discounts=off.discounts,
        code=off.code,
    )


def _line(item: rules.Item, offer: catalog.Sellable | None) -> CartLineView:
    if offer is None:
        return _gone(item)
    available = rules.why_not(offer) is None
    unit_price = offer.price_for(item.quantity) if offer.available else item.seen_price
    return CartLineView(
        line_id=item.line_id,
        variant_id=item.variant_id,
        title=offer.title,
        variant_title=offer.variant_title,
        url=offer.url,
        picture=offer.picture,
        quantity=item.quantity,
        unit_price=unit_price,
        line_total=unit_price * item.quantity,
        currency=offer.currency,
        band=offer.band,
        notice=rules.notice(item, offer, money),
        available=available,
    )


def _gone(item: rules.Item) -> CartLineView:
    """A line whose variant the catalogue has forgotten."""
    return CartLineView(
        line_id=item.line_id,
        variant_id=item.variant_id,
        title="Something we no longer sell",
        variant_title="",
        url=url("home"),
        picture=catalog.picture_of(None),
        quantity=item.quantity,
        unit_price=item.seen_price,
        line_total=item.seen_price * item.quantity,
        currency=settings().currency,
        band="in",
        notice=rules.GONE,
        available=False,
    )

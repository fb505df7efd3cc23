from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from app.cart import rules
from app.cart.delivery import Method, methods
from app.cart.one_each import too_many
from app.cart.rules import Cart, joined_words, units_of
from app.cart.shelf import SEVERAL, told
from app.cart.views import AddedView, BadgeView, CartLineView, CartView
from app.catalog import queries as catalog
from app.db.engines import EVERYONE, Database, reading
from app.lists import queries as lists
from app.promotions import queries as promotions
from app.settings import settings
from app.web.templates import money, url

__all__ = [
    "SEVERAL", "AddedView", "BadgeView", "Cart", "CartLineView", "CartView", "Method", "added_view", "asked", "cart_of", "cart_view", "joined_words", "methods", "offer_for", "read_cart", "told", "units_of", "view_of",
]  # fmt: skip
ACTIVE = """
    SELECT c.id AS cart_id, version, code, order_id, l.id AS line_id, variant_id, quantity, seen_price, personal_text
    FROM cart c LEFT JOIN cart_line l ON l.cart_id = c.id WHERE c.shopper_id = $1 AND c.status = 'active'
    ORDER BY l.added_at, l.id
"""
ITEM = rules.Item.__struct_fields__
OF_OFFER = (
    "title", "variant_title", "url", "picture", "currency", "band", "policy", "lead_days", "back_on", "one_each",
    "personal_label",
)  # fmt: skip


async def cart_of(shopper_id: UUID) -> rules.Cart | None:
    """The shopper's active cart as it is stored, or None when they have none."""
    async with reading(shopper_id) as db:
        return await read_cart(db, shopper_id)


async def read_cart(db: Database, shopper_id: UUID) -> rules.Cart | None:
    """The same inside an open transaction of the shopper's shard."""
    if not (rows := await db.fetch(ACTIVE, shopper_id)):
        return None
    cart = rows[0]
    return rules.Cart(
        cart_id=cart["cart_id"],
        shopper_id=shopper_id,
        version=cart["version"],
        items=tuple(rules.Item(**{name: row[name] for name in ITEM}) for row in rows if row["line_id"]),
        code=cart["code"],
        order_id=cart["order_id"],
    )


async def cart_view(shopper_id: UUID, removed_id: UUID | None = None) -> CartView:
    """The shopper's cart at today's prices and what is kept under it, in two reads: their shard, then the catalogue; of lines of several units the shelf is asked, too.

    `removed_id`: a line that was just removed; the view offers to put it back, if it can be bought.
    """
    async with reading(shopper_id) as db:
        cart = await read_cart(db, shopper_id)
        kept = await lists.items_of(db, shopper_id, [lists.LATER, lists.REMOVED])
    items = cart.items if cart else ()
    later = [each for each in kept if each.kind == lists.LATER]
    removed = [each for each in kept if each.kind == lists.REMOVED and each.item_id == removed_id]
    wanted = {item.variant_id for item in items} | {each.variant_id for each in (*later, *removed)}
    if not wanted:
        return view_of((), {})
    offers = await catalog.sellables(list(wanted))
    # Outside of any reading: what is left of a limit lies on the shard of its name.
    off = await promotions.reckoned(asked(cart, offers)) if cart else promotions.NOTHING
    view = view_of(items, offers, off)
    if items:
        async with reading(EVERYONE, one_plan=True) as db:
            view = with_delivery(view, await _methods(db, view, items, offers), off)
        view = await told(view, cart) if cart else view
    back = [item_view for item_view in lists.shown(removed, offers) if not item_view.why]
    return msgspec.structs.replace(view, later=lists.shown(later, offers), removed=back[0] if back else None)


async def _methods(
    db: Database, view: CartView, items: Sequence[rules.Item], offers: Mapping[UUID, catalog.Sellable]
) -> list[Method]:
    sent = [offers[item.variant_id] for item in items if item.variant_id in offers]
    return await methods(db, view.subtotal, view.currency, offers=sent) if sent else []


def with_delivery(view: CartView, offered: list[Method], off: promotions.Reckoned) -> CartView:
    """The cart with what its ways to deliver cost, and what is missing for the one that can be free."""
    ways = [msgspec.structs.replace(each, price=0, bulky=0) if off.delivery(each.price) else each for each in offered]
    left = rules.free_shipping_left(view.subtotal, [each.free_from for each in ways])
    if any(now.price < then.price for now, then in zip(ways, offered, strict=True)):
        left = 0
    return msgspec.structs.replace(view, delivery=ways, free_shipping_left=left)


def added_view(offer: catalog.Sellable, quantity: int, cart: CartView) -> AddedView:
    """What to tell a shopper who has put `quantity` of something in what is this cart now."""
    sold = {name: getattr(offer, name) for name in ("title", "variant_title", "picture", "personal", "personal_text")}
    sums = {
        name: getattr(cart, name)
        for name in ("units", "buyable", "total", "currency", "can_checkout", "free_shipping_left", "free_way")
    }
    return AddedView(**sold, **sums, quantity=quantity)


def offer_for(item: rules.Item, offers: Mapping[UUID, catalog.Sellable]) -> catalog.Sellable | None:
    """What a line is of, with its text on it."""
    offer = offers.get(item.variant_id)
    return offer.saying(item.personal_text) if offer and item.personal_text else offer


def asked(cart: rules.Cart, offers: Mapping[UUID, catalog.Sellable], code: str | None = None) -> promotions.Ask:
    """What promotions are asked about a cart: the lines that can be bought, at today's prices. `code`: another than it holds."""
    units, found = units_of(cart.items), [(item, offer_for(item, offers)) for item in cart.items]
    sold = [(item, offer) for item, offer in found if offer and not rules.why_not(offer)]
    return promotions.Ask(
        lines=[
            promotions.Wanted(
                variant_id=item.variant_id,
                product_id=offer.product_id,
                unit_price=offer.price_for(units[item.variant_id]),
                quantity=item.quantity,
                personal_text=item.personal_text,
            )
            for item, offer in sold
        ],
        currency=settings().currency,
        code=cart.code if code is None else code,
        own=cart.order_id,
    )


def view_of(
    items: Sequence[rules.Item],
    offers: Mapping[UUID, catalog.Sellable],
    off: promotions.Reckoned = promotions.NOTHING,
) -> CartView:
    """Stored lines at the prices of `offers`; a variant that is missing there is no longer sold."""
    units = units_of(items)
    over = too_many(items, offers)
    lines = [_line(item, offer_for(item, offers), units[item.variant_id], over.get(item.line_id)) for item in items]
    blocked = sum(not line.available for line in lines)
    repriced = sum(rules.repriced(item, offer_for(item, offers)) for item in items)
    return CartView(
        lines=lines,
        units=sum(item.quantity for item in items),
        subtotal=sum(line.line_total for line in lines if line.available),
        currency=settings().currency,
        notices=rules.summary(blocked, repriced),
        repriced=repriced > 0,
        can_checkout=bool(lines) and not blocked and not over,
        discounts=off.discounts,
        code=off.code,
        near=off.near,
    )


def _line(item: rules.Item, offer: catalog.Sellable | None, units: int, left: int | None) -> CartLineView:
    if offer is None:
        return _gone(item)
    available = rules.why_not(offer) is None
    unit_price = offer.price_for(units) if offer.available else item.seen_price
    return CartLineView(
        **{name: getattr(offer, name) for name in OF_OFFER},
        line_id=item.line_id,
        variant_id=item.variant_id,
        quantity=item.quantity,
        unit_price=unit_price,
        line_total=unit_price * item.quantity,
        over=left is not None,
        left=left,
        notice=rules.notice(item, offer, money),
        available=available,
        personal_text=item.personal_text,
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
        personal_text=item.personal_text,
    )

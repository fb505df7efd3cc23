"""Where a checkout stands: what is bought, for how much, by whom, and how it could come."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from app.cart import queries as cart
from app.cart.queries import Method, methods
from app.catalog import queries as catalog
from app.checkout import rules
from app.db.engines import EVERYONE, reading
from app.orders import queries as orders
from app.orders.queries import Quote
from app.promotions import queries as promotions
from app.promotions.queries import NOTHING, Reckoned


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a step of the checkout needs: the cart at today's prices, what was typed, how it could be delivered."""

    shopper_id: UUID
    cart_id: UUID
    cart_version: int
    view: cart.CartView
    goods: list[tuple[catalog.Sellable, int]]
    typed: dict[str, str]
    shipping_code: str
    note: str
    has_details: bool
    ways: list[Method]
    off: Reckoned = NOTHING
    stored: cart.Cart

    @property
    def replaces(self) -> UUID | None:
        """The order this cart has become before."""
        return self.stored.order_id

    @property
    def methods(self) -> list[Method]:
        """The ways to deliver that reach the address, as far as its country is known."""
        country = self.typed.get("country", "")
        return [way for way in self.ways if way.reaches(country)]

    @property
    def countries(self) -> tuple[rules.Country, ...]:
        """Where some way to deliver goes; with no way at all every country, so that the next step can say why."""
        reached = tuple(each for each in rules.COUNTRIES if any(way.reaches(each.code) for way in self.ways))
        return reached or rules.COUNTRIES

    @property
    def method(self) -> Method | None:
        """The chosen way to deliver, while it is still offered."""
        return next((method for method in self.methods if method.code == self.shipping_code), None)

    @property
    def quote(self) -> Quote:
        """What would be charged."""
        chosen = self.method
        shipping = (chosen.code, chosen.title, chosen.price) if chosen else None
        quote = orders.quote(
            self.goods, shipping, self.view.currency, self.off, self.typed.get("email", ""),
            country=self.typed.get("country", ""),
        )  # fmt: skip
        return msgspec.structs.replace(quote, arrives=chosen.arrives if chosen else None)

    @property
    def address(self) -> dict[str, str]:
        """The address as orders keep it."""
        kept = {key: self.typed.get(key, "") for key in ("line1", "line2", "city", "postcode", "country", "phone")}
        return kept | {"country_name": rules.country_name(kept["country"])}

    @property
    def recipient(self) -> str:
        """Who gets it, and where, as a fingerprint."""
        return orders.recipient_hash(self.typed.get("email", ""), self.typed.get("name", ""), self.address)


SAVED = """
    SELECT email, name, address, shipping_code, note, cart_id = $2 AS is_this FROM checkout
    WHERE shopper_id = $1 ORDER BY (cart_id = $2) DESC, updated_at DESC LIMIT 1
"""


async def told(desk: Desk, *, least: int = cart.SEVERAL) -> Desk:
    """The desk, knowing what is left of lines that ask for more; see cart.queries.told."""
    return msgspec.structs.replace(desk, view=await cart.told(desk.view, desk.stored, least=least))


async def desk(shopper_id: UUID, *, placing: bool = False) -> Desk | None:
    """The shopper's checkout as it stands, in two reads; None with nothing in the cart. `placing`: an order is decided by it."""
    async with reading(shopper_id) as db:
        stored = await cart.cart_of(shopper_id)
        if stored is None or not stored.items:
            return None
        saved = await db.fetchrow(SAVED, shopper_id, stored.cart_id)
    async with reading(EVERYONE, fresh=placing, one_plan=True) as db:
        offers = await catalog.sellables([item.variant_id for item in stored.items])
        view = cart.view_of(stored.items, offers)
        offered = await methods(db, view.subtotal, view.currency, offers=list(offers.values()))
    mine = bool(saved and saved["is_this"])
    email = saved["email"] if saved and mine else ""
    ask = msgspec.structs.replace(cart.asked(stored, offers), email=email, placing=placing)
    if email:
        ask = msgspec.structs.replace(ask, is_first=partial(orders.is_first, shopper_id, email))
    off = await promotions.reckoned(ask)
    return Desk(
        shopper_id=shopper_id,
        cart_id=stored.cart_id,
        cart_version=stored.version,
        view=msgspec.structs.replace(view, discounts=off.discounts, code=off.code),
        goods=[
            (offer, item.quantity)
            for item in stored.items
            if (offer := cart.offer_for(item, offers)) and not offer.foreign
        ],
        typed=_typed(saved),
        shipping_code=saved["shipping_code"] if saved and mine else "",
        note=saved["note"] if saved and mine else "",
        has_details=bool(email),
        ways=offered,
        off=off,
        stored=stored,
    )


def _typed(saved: Any) -> dict[str, str]:
    """What the form starts with; from the shopper's last checkout when this one is new."""
    if saved is None:
        return {"country": rules.COUNTRIES[0].code}
    return {"email": saved["email"], "name": saved["name"]} | saved["address"]

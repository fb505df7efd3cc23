from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import msgspec

from app.accounts.queries import SavedAddress
from app.cart import queries as cart
from app.catalog import queries as catalog
from app.checkout import rules
from app.checkout.methods import Method, methods
from app.db.engines import EVERYONE, reading
from app.orders import queries as orders
from app.orders.queries import Quote, Totals
from app.settings import settings
from app.values import bucket_of, new_id
from app.web.templates import money


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a step of the checkout needs: the cart at today's prices, what was typed, how it could be delivered."""

    shopper_id: UUID
    cart_id: UUID
    cart_version: int
    view: cart.CartView
    goods: list[tuple[catalog.Sellable, int]]
    typed: dict[str, str]
    shipping_code: str
    has_details: bool
    methods: list[Method]

    @property
    def method(self) -> Method | None:
        """The chosen way to deliver, while it is still offered."""
        return next((method for method in self.methods if method.code == self.shipping_code), None)

    @property
    def quote(self) -> Quote:
        """What would be charged."""
        chosen = self.method
        shipping = (chosen.code, chosen.title, chosen.price) if chosen else None
        return orders.quote(self.goods, shipping, self.view.currency)

    @property
    def address(self) -> dict[str, str]:
        """The address as orders keep it."""
        kept = {key: self.typed.get(key, "") for key in ("line1", "line2", "city", "postcode", "country", "phone")}
        return kept | {"country_name": rules.country_name(kept["country"])}

    @property
    def recipient(self) -> str:
        """Who gets it, and where, as a fingerprint."""
        return rules.recipient_hash(self.typed.get("email", ""), self.typed.get("name", ""), self.address)


class ShippingChoice(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    title: str
    promise: str
    price: int
    selected: bool
    arrives: catalog.Arrival | None


class CheckoutView(msgspec.Struct, frozen=True, kw_only=True):
    """One step: details | shipping | review. `token` is empty when the cart can't be ordered as it is."""

    step: str
    typed: dict[str, str]
    errors: dict[str, str]
    cart: cart.CartView
    choices: list[ShippingChoice]
    totals: Totals
    address_lines: list[str]
    email: str
    token: str
    changes: list[str]
    countries: tuple[tuple[str, str], ...]
    saved: list[SavedAddress] = []


SAVED = """
    SELECT email, name, address, shipping_code, cart_id = $2 AS is_this FROM checkout
    WHERE shopper_id = $1 ORDER BY (cart_id = $2) DESC, updated_at DESC LIMIT 1
"""


async def desk(shopper_id: UUID) -> Desk | None:
    """The shopper's checkout as it stands, in two reads; None with nothing in the cart."""
    async with reading(shopper_id) as db:
        stored = await cart.cart_of(shopper_id)
        if stored is None or not stored.items:
            return None
        saved = await db.fetchrow(SAVED, shopper_id, stored.cart_id)
    async with reading(EVERYONE) as db:
        offers = await catalog.sellables([item.variant_id for item in stored.items])
        view = cart.view_of(stored.items, offers)
        offered = await methods(db, view.subtotal, view.currency, offers=list(offers.values()))
    mine = bool(saved and saved["is_this"])
    return Desk(
        shopper_id=shopper_id,
        cart_id=stored.cart_id,
        cart_version=stored.version,
        view=view,
        goods=[(offers[i.variant_id], i.quantity) for i in stored.items if i.variant_id in offers],
        typed=_typed(saved),
        shipping_code=saved["shipping_code"] if saved and mine else "",
        has_details=mine and bool(saved and saved["email"]),
        methods=offered,
    )


def _typed(saved: Any) -> dict[str, str]:
    """What the form starts with; from the shopper's last checkout when this one is new."""
    if saved is None:
        return {"country": rules.COUNTRIES[0][0]}
    return {"email": saved["email"], "name": saved["name"]} | saved["address"]


def step_view(
    desk: Desk, step: str, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> CheckoutView:
    """A step's page; with `typed` as it was just typed, and what is wrong with it."""
    selected = desk.shipping_code or (desk.methods[0].code if desk.methods else "")
    quote = desk.quote
    return CheckoutView(
        step=step,
        typed=desk.typed if typed is None else typed,
        errors=errors or {},
        cart=desk.view,
        choices=[
            ShippingChoice(**msgspec.structs.asdict(method), selected=method.code == selected)
            for method in desk.methods
        ],
        totals=Totals(**{name: getattr(quote, name) for name in Totals.__struct_fields__}),
        address_lines=orders.address_lines(desk.typed.get("name", ""), desk.address) if desk.has_details else [],
        email=desk.typed.get("email", ""),
        token="",
        changes=[],
        countries=rules.COUNTRIES,
    )


def review_view(
    desk: Desk, *, note: str = "", errors: dict[str, str] | None = None, changes: list[str] | None = None
) -> CheckoutView:
    """The last step: a new checkout id and, if the cart can be ordered, a signed promise of what is shown."""
    view = step_view(desk, "review", typed={"note": note}, errors=errors)
    token = rules.write_ticket(ticket(desk), settings().secret) if desk.view.can_checkout else ""
    return msgspec.structs.replace(view, token=token, changes=changes or [])


def ticket(desk: Desk) -> rules.Ticket:
    """What a review page rendered now promises for `checkout_seconds`."""
    quote = desk.quote
    return rules.Ticket(
        checkout_id=new_id(bucket_of(desk.shopper_id)),
        cart_id=desk.cart_id,
        cart_version=desk.cart_version,
        quote_hash=quote.hash,
        expires=int(time.time() + settings().checkout_seconds),
        lines=tuple(rules.Told(line.variant_id, line.title, line.quantity, line.unit_price) for line in quote.lines),
        shipping_title=quote.shipping_title,
        shipping=quote.shipping or 0,
        total=quote.total,
        recipient=desk.recipient,
    )


def changes(old: rules.Ticket, desk: Desk) -> list[str]:
    """What is different now from what a review page promised."""
    quote = desk.quote
    shipping = (quote.shipping_title, quote.shipping or 0)
    told = rules.changes(
        old, quote.lines, shipping=shipping, total=quote.total, money=lambda amount: money(amount, quote.currency)
    )
    if old.recipient != desk.recipient:
        whither = ", ".join(orders.address_lines(desk.typed.get("name", ""), desk.address))
        told.append(f"Address or e-mail: now {whither}; {desk.typed.get('email', '')}.")
    return told

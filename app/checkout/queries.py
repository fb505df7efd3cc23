from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

import msgspec

from app.accounts.queries import SavedAddress
from app.cart import queries as cart
from app.checkout import rules
from app.checkout.desk import Desk, Method, desk, told
from app.db.engines import reading
from app.orders import queries as orders
from app.orders.queries import Totals
from app.payments.queries import least_payment
from app.settings import settings
from app.values import bucket_of, new_id
from app.web.templates import money

__all__ = [
    "CheckoutView",
    "Desk",
    "Method",
    "ShippingChoice",
    "Typed",
    "changes",
    "desk",
    "review_view",
    "step_view",
    "ticket",
    "told",
    "typed_by",
]

TYPED = "SELECT email, name, address, note, updated_at FROM checkout WHERE shopper_id = $1 ORDER BY updated_at"


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has typed on the way to paying, ordered or not."""

    email: str
    name: str
    address: dict[str, str]
    note: str
    updated_at: datetime


async def typed_by(shopper_id: UUID) -> list[Typed]:
    """All that this shopper has typed in a checkout, for them to take along."""
    async with reading(shopper_id) as db:
        return [msgspec.convert(dict(row), Typed) for row in await db.fetch(TYPED, shopper_id)]


class ShippingChoice(Method, frozen=True, kw_only=True):
    selected: bool


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
    pays_first: bool = False
    changes: list[str]
    countries: tuple[rules.Country, ...]
    saved: list[SavedAddress] = []


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
            ShippingChoice(
                **(msgspec.structs.asdict(m) | {"price": 0 if desk.off.delivery(m.price) else m.price}),
                selected=m.code == selected,
            )
            for m in desk.methods
        ],
        totals=Totals(**{name: getattr(quote, name) for name in Totals.__struct_fields__}),
        address_lines=orders.address_lines(desk.typed.get("name", ""), desk.address) if desk.has_details else [],
        email=desk.typed.get("email", ""),
        token="",
        pays_first=quote.pays_first,
        changes=[],
        countries=desk.countries,
    )


def review_view(
    desk: Desk, *, note: str | None = None, errors: dict[str, str] | None = None, changes: list[str] | None = None
) -> CheckoutView:
    """The last step: a new checkout id and, if the cart can be ordered, a signed promise of what is shown."""
    little = too_little(desk)
    errors = {**(errors or {}), **({"token": little} if little else {})}
    view = step_view(desk, "review", typed={"note": desk.note if note is None else note}, errors=errors)
    token = rules.write_ticket(ticket(desk), settings().secret) if desk.view.can_checkout and not little else ""
    return msgspec.structs.replace(view, token=token, changes=changes or [])


def too_little(desk: Desk) -> str:
    """That the sum is too small to be paid by card, in words; nothing when it is not."""
    quote, least = desk.quote, least_payment()
    if not 0 < quote.total < least:
        return ""
    asked, needed = (money(amount, quote.currency) for amount in (quote.total, least))
    return f"{asked} is too little to pay by card: it takes {needed} or more. Please put something else in your cart. Nothing was charged."


def ticket(desk: Desk) -> rules.Ticket:
    """What a review page rendered now promises for `checkout_seconds`."""
    quote = desk.quote
    return rules.Ticket(
        checkout_id=new_id(bucket_of(desk.shopper_id)),
        cart_id=desk.cart_id,
        cart_version=desk.cart_version,
        quote_hash=quote.hash,
        expires=int(time.time() + settings().checkout_seconds),
        lines=tuple(
            rules.Told(line.variant_id, line.title, line.quantity, line.unit_price, line.personal_text)
            for line in quote.lines
        ),
        shipping_title=quote.shipping_title,
        shipping=quote.shipping or 0,
        total=quote.total,
        off=tuple((each.title, each.amount + each.shipping) for each in quote.discounts),
        recipient=desk.recipient,
        paid_at_once=quote.paid_at_once,
    )


def changes(old: rules.Ticket, desk: Desk) -> list[str]:
    """What is different now from what a review page promised."""
    quote = desk.quote
    now = ticket(desk)
    told = rules.changes(old, now, lambda amount: money(amount, quote.currency))
    if desk.off.code and not desk.off.code.applied and desk.off.code.says:
        told.append(f"{desk.off.code.code}: {desk.off.code.says}")
    if old.recipient != desk.recipient:
        whither = ", ".join(orders.address_lines(desk.typed.get("name", ""), desk.address))
        told.append(f"Address or e-mail: now {whither}; {desk.typed.get('email', '')}.")
    return told

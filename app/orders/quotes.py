"""What a cart costs: the promise that a review page shows and an order keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.catalog.queries import Arrival, Sellable
from app.orders import rules
from app.orders.rights import rights
from app.promotions.queries import NOTHING, Discount, Reckoned, Use
from app.settings import settings
from app.values import Refusal
from app.web.templates import shown_date


class OtherCurrency(Refusal):
    say = "Something in your cart is priced in another currency than this shop's, so it can't be ordered. Please remove it."


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is promised: minor units, tax contained."""

    variant_id: UUID
    currency: str
    sku: str
    title: str
    variant_title: str
    personal_label: str
    personal_text: str
    promise: str
    url: str
    picture_hash: str | None
    unit_price: int
    quantity: int
    discount: int
    tax: int
    total: int


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that will be charged, and when it arrives as far as anybody can say.

    `tax_rate` in basis points. `shipping` is None until a way to deliver is chosen. `pays_first`: something in it can't leave while
    money stays set aside. `rights`: to the one that each customer may buy, once it is known who buys.
    """

    lines: tuple[QuoteLine, ...]
    shipping_code: str
    shipping_title: str
    subtotal: int
    shipping: int | None
    discount: int
    tax: int
    total: int
    currency: str
    tax_rate: int
    discounts: tuple[Discount, ...] = ()
    rights: tuple[Use, ...] = ()
    arrives: Arrival | None = None
    pays_first: bool = False

    @property
    def uses(self) -> tuple[Use, ...]:
        """What an order uses of limits: each is held, pinned and claimed with its goods."""
        return (*(use for each in self.discounts for use in each.uses), *self.rights)

    @property
    def hash(self) -> str:
        lines = [(line.variant_id, line.personal_text, line.quantity, line.unit_price) for line in self.lines]
        off = [(each.promotion_id.hex, each.code, each.amount, each.shipping) for each in self.discounts]
        sums = (self.shipping or 0, self.discount, self.tax, self.total)
        return rules.quote_hash(lines, self.shipping_code, sums, off, paid_at_once=self.paid_at_once)

    @property
    def paid_at_once(self) -> bool:
        """Whether the money is taken with the order, not before its first parcel."""
        return bool(self.total) and (self.pays_first or settings().capture == "placed")


def quote(
    goods: Sequence[tuple[Sellable, int]],
    shipping: tuple[str, str, int] | None,
    currency: str,
    off: Reckoned = NOTHING,
    email: str = "",
    *,
    country: str = "",
) -> Quote:
    """What these goods (with their quantities) cost when they go to this country, as far as it is known.

    `shipping`: code, title and price in minor units, once chosen. `email`: who buys.
    """
    rate = rules.rate_of(country, settings().vat)
    units: Counter[UUID] = Counter()  # a lower price from a quantity on counts a variant's lines together
    for offer, quantity in goods:
        units[offer.variant_id] += quantity
    lines = tuple(
        _quote_line(offer, quantity, offer.price_for(units[offer.variant_id]), off, rate) for offer, quantity in goods
    )
    subtotal = sum(line.unit_price * line.quantity for line in lines)
    code, title, full = shipping or ("", "", 0)
    free = off.delivery(full)
    price = full - free.shipping if free else full
    return Quote(
        lines=lines,
        shipping_code=code,
        shipping_title=title,
        subtotal=subtotal,
        shipping=price if shipping else None,
        discount=off.amount,
        tax=sum(line.tax for line in lines) + rules.tax_in(price, rate),
        total=subtotal - off.amount + price,
        currency=currency,
        tax_rate=rate,
        pays_first=any(offer.pays_first for offer, _ in goods),
        discounts=(*off.discounts, free) if free else off.discounts,
        rights=rights([offer for offer, _ in goods], email) if email else (),
    )


def judge_currency(quote: Quote) -> None:
    """Raises OtherCurrency for one whose sums would add up pounds and yen."""
    if {quote.currency, *(line.currency for line in quote.lines)} != {settings().currency}:
        raise OtherCurrency


def _quote_line(offer: Sellable, quantity: int, price: int, off: Reckoned, rate: int) -> QuoteLine:
    discount = off.line_discounts.get((offer.variant_id, offer.personal_text), 0)
    priced = rules.priced(offer.variant_id, price, quantity, discount, rate=rate)
    return QuoteLine(
        variant_id=offer.variant_id,
        currency=offer.currency,
        sku=offer.sku,
        title=offer.title,
        variant_title=offer.variant_title,
        personal_label=offer.personal_label,
        personal_text=offer.personal_text,
        promise=_promise(offer),
        url=offer.url,
        picture_hash=offer.picture.hash,
        unit_price=priced.unit_price,
        quantity=quantity,
        discount=priced.discount,
        tax=priced.tax,
        total=priced.total,
    )


def _promise(offer: Sellable) -> str:
    """How it is sold, as its page says it too; nothing for what lies on the shelf."""
    if offer.policy == "made_to_order":
        return f"Made to order, about {offer.lead_days} days"
    if offer.back_on and offer.policy == "preorder":
        return f"Pre-order, sent from {shown_date(offer.back_on)}"
    return f"Sent from {shown_date(offer.back_on)}" if offer.back_on and offer.band == "later" else ""

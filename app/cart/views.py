"""What pages show of a cart."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.cart.delivery import Method
from app.catalog import queries as catalog
from app.lists.queries import ItemView
from app.promotions import queries as promotions


class CartLineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line at today's price, minor units. Not `available`: it can't be bought, `notice` says why. `personal_text`: the shopper's own."""

    line_id: UUID
    variant_id: UUID
    title: str
    variant_title: str
    url: str
    picture: catalog.Picture
    quantity: int
    unit_price: int
    line_total: int
    currency: str
    band: str
    notice: str | None
    available: bool
    personal_label: str = ""
    personal_text: str = ""


class CartView(msgspec.Struct, frozen=True, kw_only=True):
    """A cart at today's prices. `subtotal` counts what can be bought, `units` everything.

    `delivery`: the ways to deliver, the free one's missing sum in `free_shipping_left` (0: reached; None: nothing is free).
    `repriced`: whether a line costs something else than was seen. `later`: what is kept under the cart; `removed`: what
    was just taken out and can be had back. `code`: what became of the code it holds; `typed`, `wrong`: one that was just
    typed, and why it can't be had.
    """

    lines: list[CartLineView]
    units: int
    subtotal: int
    currency: str
    notices: list[str]
    can_checkout: bool
    free_shipping_left: int | None = None
    delivery: list[Method] = []
    repriced: bool = False
    later: list[ItemView] = []
    removed: ItemView | None = None
    discounts: tuple[promotions.Discount, ...] = ()
    code: promotions.CodeSaid | None = None
    typed: str = ""
    wrong: str = ""

    @property
    def total(self) -> int:
        """What the goods cost after discounts; delivery is chosen later."""
        return self.subtotal - sum(discount.amount for discount in self.discounts)


class BadgeView(msgspec.Struct, frozen=True, kw_only=True):
    """The number beside the cart in the header."""

    units: int


class AddedView(msgspec.Struct, frozen=True, kw_only=True):
    """What was just put in: `quantity` more of it; `units` for `total` are in the cart now."""

    title: str
    variant_title: str
    picture: catalog.Picture
    quantity: int
    units: int
    total: int
    currency: str
    can_checkout: bool
    free_shipping_left: int | None
    personal_text: str = ""
    personal: catalog.Personal | None = None

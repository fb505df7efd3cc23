"""What pages show of a cart."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from app.cart import one_each, rules
from app.cart.delivery import Method
from app.catalog import queries as catalog
from app.lists.queries import ItemView
from app.promotions import queries as promotions


class CartLineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line at today's price, minor units. Not `available`: it can't be bought, `notice` says why. `personal_text`: the shopper's own.

    `left`: how many of it can be had, when that is fewer than it asks for. `one_each`: a customer may have one of its product.
    `over`: with all lines of that product it asks for more. `policy`, `lead_days`, `back_on`: how it is sold.
    """

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
    policy: str = ""
    lead_days: int = 0
    back_on: date | None = None
    notice: str | None
    available: bool
    left: int | None = None
    one_each: bool = False
    over: bool = False
    personal_label: str = ""
    personal_text: str = ""

    @property
    def too_few(self) -> str:
        """That there is not as much of it as it asks for, or not for one customer, in words; nothing when there is."""
        if self.over:
            return one_each.words_of(self.left or 0)
        return "" if self.left is None else rules.too_few(self.left, self.quantity)


class CartView(msgspec.Struct, frozen=True, kw_only=True):
    """A cart at today's prices. `subtotal` counts what can be bought, `units` everything.

    `delivery`: the ways to deliver, the free one's missing sum in `free_shipping_left` (0: reached; None: nothing is free).
    `repriced`: whether a line costs something else than was seen. `later`: what is kept under the cart; `removed`: what
    was just taken out and can be had back. `code`: what became of the code it holds; `near`: of which offers little is missing; `typed`, `wrong`: one that was just
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
    near: tuple[str, ...] = ()
    typed: str = ""
    wrong: str = ""

    @property
    def short(self) -> list[CartLineView]:
        """Lines that ask for more than there is."""
        return [line for line in self.lines if line.left is not None]

    @property
    def buyable(self) -> int:
        """Units that `subtotal` counts."""
        return sum(line.quantity for line in self.lines if line.available)

    @property
    def total(self) -> int:
        """What the goods cost after discounts; delivery is chosen later."""
        return self.subtotal - sum(discount.amount for discount in self.discounts)

    @property
    def cheapest(self) -> int:
        """What the cheapest way to deliver costs."""
        return min((each.price for each in self.delivery), default=0)

    @property
    def free_way(self) -> str:
        """The way to deliver that is free, or becomes so first."""
        ways = [each for each in self.delivery if not each.price or each.free_from is not None]
        return min(ways, key=lambda each: (each.price > 0, each.free_from or 0)).title if ways else ""

    @property
    def ways_differ(self) -> bool:
        """Whether another way to deliver costs more."""
        return any(each.price > self.cheapest for each in self.delivery)


class BadgeView(msgspec.Struct, frozen=True, kw_only=True):
    """The number beside the cart in the header."""

    units: int


class AddedView(msgspec.Struct, frozen=True, kw_only=True):
    """What was just put in: `quantity` more of it; `units` are in the cart now, of which `buyable` cost `total` before delivery."""

    title: str
    variant_title: str
    picture: catalog.Picture
    quantity: int
    units: int
    buyable: int
    total: int
    currency: str
    can_checkout: bool
    free_shipping_left: int | None
    free_way: str = ""
    personal_text: str = ""
    personal: catalog.Personal | None = None

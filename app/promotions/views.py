"""What carts, checkouts and orders ask promotions, and what they are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec

from app.inventory import queries as inventory
from app.promotions.rules import Offer, delivers_free


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A line of goods, at the price of one unit."""

    variant_id: UUID
    product_id: UUID
    unit_price: int
    quantity: int
    personal_text: str = ""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What is bought. `email` and `is_first` once it is known who buys: is_first() says whether it is their first order.

    `placing`: an order is decided by it, so it is read where it is written: a replica may not know yet what staff have ended. `own`: the order this cart became before: what that holds of limits and has not paid is this cart's to use.
    """

    lines: Sequence[Wanted]
    currency: str
    code: str = ""
    email: str = ""
    is_first: Callable[[], Awaitable[bool]] | None = None
    own: UUID | None = None
    placing: bool = False


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """What an order uses of a limit. `title`: what is used up when nothing is left of it; `version`: of the promotion that says so.

    `one_each`: no promotion's, but the customer's right to one of a product.
    """

    name: str
    customer: str
    most: int
    title: str
    version: int | None = None
    one_each: bool = False

    @property
    def limit_id(self) -> UUID:
        return inventory.limit_of(self.name, self.customer)


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    """What a promotion takes off an order: `amount` of its goods, `shipping` of its delivery. `code`: "" for automatic ones."""

    title: str
    code: str
    amount: int
    shipping: int = 0
    promotion_id: UUID = UUID(int=0)
    uses: tuple[Use, ...] = ()


class CodeSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a code. `refused`: it can't work, whatever is in the cart; `says`: why it takes nothing off, or what to know."""

    code: str
    title: str
    applied: bool
    refused: bool
    says: str


class Reckoned(msgspec.Struct, frozen=True, kw_only=True):
    """What goods save. `line_discounts` by variant and text; `delivery` says what a way to deliver saves; `near`: of what little is missing."""

    discounts: tuple[Discount, ...] = ()
    line_discounts: dict[tuple[UUID, str], int] = {}
    code: CodeSaid | None = None
    free: tuple[tuple[Offer, Discount], ...] = ()
    near: tuple[str, ...] = ()

    @property
    def amount(self) -> int:
        return sum(discount.amount for discount in self.discounts)

    def delivery(self, price: int) -> Discount | None:
        """What makes a way to deliver of this price free, if anything does."""
        found = next((discount for offer, discount in self.free if delivers_free(offer, price)), None)
        return found and msgspec.structs.replace(found, shipping=price)


NOTHING = Reckoned()

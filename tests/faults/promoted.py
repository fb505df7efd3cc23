"""What staff and shoppers do with a promotion whose uses are limited: the part of the state machine that is about codes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import msgspec
from hypothesis.stateful import rule

from app.cart import codes
from app.cart.queries import asked, cart_of
from app.catalog.queries import sellables
from app.inventory.queries import limit_of, stock_of
from app.orders.operations import Placing
from app.orders.quotes import quote
from app.promotions import operations as promotions
from app.promotions.queries import one, reckoned
from app.promotions.rules import limit_name
from app.promotions.terms import Fixed, Terms
from app.values import bucket_of, new_id
from tests.faults.model import EACH, MOST, OFF, Model
from tests.makers import unique
from tests.orders.books import row_of

WHO = st.integers(0, 1)


class Promoted:
    """Rules of the machine; `code` takes OFF off, MOST times in all and EACH times for one address."""

    does: Callable[[Coroutine[Any, Any, Any]], Any]
    model: Model
    shoppers: list[UUID]
    like: Placing

    async def announce(self) -> None:
        self.draft = promotions.Draft(
            title="A pound off", state="active", trigger="code", code=unique("MODEL").upper(), starts_at=None,
            ends_at=None, priority=10, combines=True, terms=Terms(action=Fixed(amount=OFF)), most_uses=MOST,
            most_each=EACH,
        )  # fmt: skip
        self.promotion_id = await promotions.create(self.draft, by="staff@shop.example")

    @rule(who=WHO)
    def type_code(self, who: int) -> None:
        self.does(self._type(self.shoppers[who]))

    async def _type(self, shopper: UUID) -> None:
        expected = self.model.may_type(shopper)
        try:
            await codes.enter(shopper, self.draft.code)
        except (codes.CodeRefused, codes.NothingToTakeOff):
            assert not expected
            return
        assert expected
        self.model.touch(shopper, code=True)

    @rule(who=WHO)
    def take_code_out(self, who: int) -> None:
        self.does(codes.take_out(self.shoppers[who]))
        self.model.touch(self.shoppers[who], code=False)

    @rule(most=st.integers(0, 3), live=st.sampled_from([True, True, True, False]))
    def edit_promotion(self, most: int, live: bool) -> None:
        self.does(self._edit_promotion(most, "active" if live else "ended"))
        self.model.code.most, self.model.code.live = most, live

    async def _edit_promotion(self, most: int, state: Any) -> None:
        row = await one(self.promotion_id)
        assert row is not None
        draft = msgspec.structs.replace(self.draft, most_uses=most, state=state)
        await promotions.change(self.promotion_id, draft, version=row.promotion.version, by="staff@shop.example")

    @rule()
    def end_promotion(self) -> None:
        self.does(promotions.end(self.promotion_id, by="staff@shop.example"))
        self.model.code.live = False

    async def at_the_button(self, shopper: UUID) -> Placing | None:
        """What this shopper's last page promises now; None with nothing in the cart."""
        cart = await cart_of(shopper)
        if cart is None or not cart.items:
            return None
        offers = await sellables([item.variant_id for item in cart.items])
        email = email_of(shopper)
        off = await reckoned(msgspec.structs.replace(asked(cart, offers), email=email))
        assert bool(off.discounts) == self.model.saves(shopper)
        lines = [(offers[item.variant_id], item.quantity) for item in cart.items]
        return msgspec.structs.replace(
            self.like, order_id=new_id(bucket_of(shopper)), shopper_id=shopper, cart_id=cart.cart_id, email=email,
            cart_version=cart.version, quote=quote(lines, ("standard", "Standard", 390), "GBP", off),
        )  # fmt: skip

    async def compare_uses(self) -> None:
        """No counter gives more than it may, and each says what the model says; orders and carts too."""
        counted = self.model.code.counted
        for shopper, uses in counted.items():
            stock = await stock_of(limit_of(limit_name(self.promotion_id), email_of(shopper) if shopper else ""))
            most = EACH if shopper else self.model.code.most
            told = (stock.available, stock.reserved, stock.sold) if stock else (most, 0, 0)
            assert told == (max(0, most - uses.reserved - uses.sold), uses.reserved, uses.sold)
        for shopper in self.shoppers:
            cart = await cart_of(shopper)
            assert bool(cart and cart.code) == self.model.has_code(shopper)
        for id, entry in self.model.orders.items():
            assert (await row_of(id))["discount"] == (OFF if entry.saves else 0)


def email_of(shopper: UUID) -> str:
    return f"{shopper.hex}@example.org"

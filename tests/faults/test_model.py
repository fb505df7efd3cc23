"""Shoppers, provider, time, crashes and staff in any order: after each act the shop is what the model says."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.cart import operations as carts
from app.cart.queries import cart_of
from app.inventory import operations as inventory
from app.ops import verify
from app.orders import operations as orders
from app.payments import testbooks
from app.values import Refusal
from tests.faults import acts, ledger
from tests.faults.model import Answer, Entry, Model
from tests.faults.promoted import WHO, Promoted
from tests.knobs import provider
from tests.makers import a_placing, a_product, a_shopper
from tests.orders.books import numbers_of, pass_time, state_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")

# VITRINE_TEST_EXAMPLES=500 for a night's run.
EXAMPLES = int(os.environ.get("VITRINE_TEST_EXAMPLES", "12"))
STEPS = 15
ANSWERS = st.sampled_from(["authorised", "declined", "silent", "redirect"])
POINTS = [f"{step}_{when}_commit" for step in ("t1", "t2", "t5", "t6", "t7", "done") for when in ("before", "after")]
WHAT = st.integers(0, 1)


class Will(ledger.Ledger):
    """A provider that answers as it is told to."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(
            says=ledger.Declined(reason="no") if answer == "declined" else None,
            before=ledger.broken if answer == "silent" else ledger.none,
        )
        self.start = super().start if answer != "redirect" else super(ledger.Ledger, self).start  # type: ignore[method-assign]


class Shop(Promoted, RuleBasedStateMachine):
    """The acts. `loop` is the one whose pools are open."""

    loop: asyncio.AbstractEventLoop

    def does(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(act)

    @initialize()
    def open(self) -> None:
        self.does(self._open())

    async def _open(self) -> None:
        self.shoppers = [await a_shopper(), await a_shopper()]
        self.variants = [(await a_product(variants=[{"stock": units}])).variant_id for units in (4, 9)]
        self.like = await a_placing({(await a_product()).variant_id: 1})
        self.model = Model(dict(zip(self.variants, (4, 9), strict=True)), self.shoppers)
        await self.announce()

    @rule(who=WHO, what=WHAT, units=st.integers(1, 3))
    def add(self, who: int, what: int, units: int) -> None:
        self.does(self._add(self.shoppers[who], self.variants[what], units))

    async def _add(self, shopper: UUID, variant: UUID, units: int) -> None:
        try:
            await carts.add(shopper, await carts.offer_of(variant), units)
        except Refusal:
            assert self.model.free(variant) <= 0
            return
        cart = self.model.carts[shopper]
        cart[variant] = cart.get(variant, 0) + units
        self.model.touch(shopper)

    @rule(who=WHO, units=st.integers(1, 5))
    def edit(self, who: int, units: int) -> None:
        self.does(self._edit(self.shoppers[who], units))

    async def _edit(self, shopper: UUID, units: int) -> None:
        cart = await cart_of(shopper)
        if cart and cart.items:
            await carts.change(shopper, cart.items[0].line_id, units)
            self.model.carts[shopper][cart.items[0].variant_id] = units
            self.model.touch(shopper)

    @rule(who=WHO, answer=ANSWERS)
    def place(self, who: int, answer: Answer) -> None:
        self.does(self._place(self.shoppers[who], answer))

    async def _place(self, shopper: UUID, answer: Answer) -> None:
        ask = await self.at_the_button(shopper)
        if ask is not None:
            await self._press(ask, answer)

    async def _press(self, ask: orders.Placing, answer: Answer) -> None:
        with provider(Will(answer)):
            promised = await acts.press(ask)
            again = await acts.press(ask)
        cart, saves = (ask.cart_id, ask.cart_version), bool(ask.quote.discounts)
        placed = self.model.place(ask.order_id, ask.shopper_id, cart, answer, saves=saves)
        assert promised.state.id == again.state.id == placed

    @rule(answer=ANSWERS)
    def both_place(self, answer: Answer) -> None:
        """Both have read their last page before either presses: the last use is promised twice."""
        self.does(self._both(answer))

    async def _both(self, answer: Answer) -> None:
        for ask in [await self.at_the_button(shopper) for shopper in self.shoppers]:
            if ask is not None:
                await self._press(ask, answer)

    @rule(who=WHO, point=st.sampled_from(POINTS))
    def crash(self, who: int, point: str) -> None:
        self.does(self._crash(self.shoppers[who], point))

    async def _crash(self, shopper: UUID, point: str) -> None:
        """The process ends somewhere, or nowhere, on the way; sweepers go on; the shopper posts once more."""
        ask = await self.at_the_button(shopper)
        if ask is None:
            return
        try:
            with acts.dying_at(point):
                await asyncio.wait([asyncio.create_task(acts.buy(ask))])
        finally:
            acts.crash.AT = ""
        if await acts.status_of(ask):
            await pass_time(ask.order_id, 20)
        with provider(Will("authorised")):
            await settle()
            await acts.press(ask)
        self.model.place(ask.order_id, shopper, (ask.cart_id, ask.cart_version), "authorised")

    @precondition(lambda self: self._waiting("declined"))
    @rule(answer=ANSWERS)
    def pay_again(self, answer: Answer) -> None:
        id, entry = self._waiting("declined")[0]
        with provider(Will(answer)):
            self.does(orders.pay_again(id))
        self.model.hear(entry, answer)

    @precondition(lambda self: self._waiting("redirect"))
    @rule(paid=st.booleans(), times=st.integers(1, 3))
    def webhook(self, paid: bool, times: int) -> None:
        """The shopper types a card on the provider's page; the provider tells us, up to three times."""
        self.does(self._webhook(*self._waiting("redirect")[0], "authorised" if paid else "declined", times))

    async def _webhook(self, id: UUID, entry: Entry, answer: Answer, times: int) -> None:
        attempt = (await state_of(id)).attempt
        assert attempt is not None
        session = await testbooks.find("attempt_id", attempt.id)
        assert session is not None and await testbooks.book(session.id, answer)
        for _ in range(times):
            await orders.look(attempt, f"{session.id}-{answer}")
        self.model.hear(entry, answer)

    @precondition(lambda self: self._waiting("silent"))
    @rule()
    def wait(self) -> None:
        """The provider that was silent is asked again, and says yes."""
        id, entry = self._waiting("silent")[0]
        self.does(pass_time(id, 20))
        self.does(self._settle())
        self.model.hear(entry, "authorised")

    @precondition(lambda self: self._waiting("declined", "silent", "redirect"))
    @rule(which=st.integers(0, 5))
    def time_out(self, which: int) -> None:
        waiting = self._waiting("declined", "silent", "redirect")
        id, entry = waiting[which % len(waiting)]
        self.does(pass_time(id, 100_000))
        self.does(self._settle())
        self.model.end(entry)

    @precondition(lambda self: self._with("placed"))
    @rule(which=st.integers(0, 5))
    def undo(self, which: int) -> None:
        """Staff cancel what nobody has sent yet."""
        placed = self._with("placed")
        id, entry = placed[which % len(placed)]
        self.does(orders.cancel_placed(id))
        self.model.undo(entry)

    @rule(what=WHAT, delta=st.integers(-4, 4))
    def count_stock(self, what: int, delta: int) -> None:
        try:
            self.does(inventory.adjust(self.variants[what], delta))
            done = True
        except inventory.BelowReserved:
            done = False
        assert done == self.model.adjust(self.variants[what], delta)

    def _waiting(self, *answers: str) -> list[tuple[UUID, Entry]]:
        return [(id, entry) for id, entry in self._with("awaiting_payment") if entry.answer in answers]

    def _with(self, status: str) -> list[tuple[UUID, Entry]]:
        return [(id, entry) for id, entry in self.model.orders.items() if entry.status == status]

    async def _settle(self) -> None:
        with provider(Will("authorised")):
            await settle()

    @invariant()
    def the_shop_is_what_the_model_says(self) -> None:
        if hasattr(self, "model"):
            self.does(self._compare())

    async def _compare(self) -> None:
        await self._settle()
        for id, entry in self.model.orders.items():
            state = await state_of(id)
            assert state.status == entry.status, state.reason
        for variant, shelf in self.model.shelves.items():
            assert await numbers_of(variant) == (shelf.on_hand, shelf.reserved, shelf.sold)
        for shopper, lines in self.model.carts.items():
            cart = await cart_of(shopper)
            assert dict(cart.lines if cart else ()) == lines
        await self.compare_uses()

    def teardown(self) -> None:
        if hasattr(self, "model"):
            shown = {id: entry.status for id, entry in self.model.orders.items()}
            assert self.does(verify.violations(shown)) == []


@pytest.fixture
async def loop(own_database: str) -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.mark.slow
@pytest.mark.timeout(120 + 20 * EXAMPLES)
def test_any_order_of_acts_leaves_the_shop_as_the_model_says(loop: asyncio.AbstractEventLoop) -> None:
    Shop.loop = loop
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=EXAMPLES <= 12,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink] if EXAMPLES > 12 else [Phase.generate],
        ),
    )  # fmt: skip

"""Shoppers, provider, time, crashes and staff in any order: after each act the shop is what the model says."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
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
from app.db.engines import all_shards
from app.inventory import operations as inventory
from app.ops import verify
from app.orders import operations as orders
from app.payments import testbooks
from app.values import Refusal
from jobs.sweeps import sweep
from tests.faults import acts
from tests.faults.dying import Dying
from tests.faults.model import Answer, Entry, Model
from tests.faults.promoted import WHO, Promoted
from tests.faults.waiting import Waiting
from tests.faults.will import Will
from tests.knobs import knobs, provider
from tests.makers import a_placing, a_product, a_shopper
from tests.orders.books import numbers_of, state_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")

# VITRINE_TEST_EXAMPLES=500 for a night's run; other acts in each run, VITRINE_TEST_SEED to see those of one again.
EXAMPLES = int(os.environ.get("VITRINE_TEST_EXAMPLES", "12"))
SEED = int(os.environ.get("VITRINE_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
STEPS = 15
ANSWERS = st.sampled_from(["authorised", "declined", "silent", "redirect"])
WHAT = st.integers(0, 1)


class Shop(Promoted, Dying, Waiting, RuleBasedStateMachine):
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
        self.aside = []
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
            first, again = await asyncio.gather(acts.press(ask), acts.press(ask))
        assert first.state.id == again.state.id == self._placed(ask, answer)

    def _placed(self, ask: orders.Placing, answer: Answer) -> UUID:
        cart, saves = (ask.cart_id, ask.cart_version), bool(ask.quote.discounts)
        return self.model.place(ask.order_id, ask.shopper_id, cart, answer, saves=saves)

    @precondition(lambda self: not self.waiting("declined", "silent", "redirect"))
    @rule(answer=ANSWERS)
    def both_place(self, answer: Answer) -> None:
        """Both have read their last page, so the last unit and the last use are promised twice, and press at once."""
        self.does(self._both(answer))

    async def _both(self, answer: Answer) -> None:
        asks = [ask for shopper in self.shoppers if (ask := await self.at_the_button(shopper))]
        with provider(Will(answer)), knobs(stuck_seconds=0.001):
            pressing = asyncio.gather(*(acts.press(ask) for ask in asks for _ in range(2)))
            while not pressing.done():  # a sweeper finds them half-way, and drives on as they do
                await sweep(orders.sweep_orders, all_shards())
                await asyncio.sleep(0.01)
            ids = [promised.state.id for promised in await pressing][::2]
        ended = {id: (await state_of(id)).status for id in ids}
        for ask, id in sorted(zip(asks, ids, strict=True), key=lambda each: ended[each[1]] == "rejected"):
            assert self._placed(ask, answer) == id

    @precondition(lambda self: self.waiting("declined"))
    @rule(answer=ANSWERS)
    def pay_again(self, answer: Answer) -> None:
        id, entry = self.waiting("declined")[0]
        with provider(Will(answer)):
            self.does(orders.pay_again(id))
            self.does(acts.nobody_goes_on())
        self.model.hear(entry, answer)

    @precondition(lambda self: self.waiting("redirect"))
    @rule(paid=st.booleans(), times=st.integers(1, 3))
    def webhook(self, paid: bool, times: int) -> None:
        """The shopper types a card on the provider's page; the provider tells us, up to three times."""
        self.does(self._webhook(*self.waiting("redirect")[0], "authorised" if paid else "declined", times))

    async def _webhook(self, id: UUID, entry: Entry, answer: Answer, times: int) -> None:
        attempt = (await state_of(id)).attempt
        assert attempt is not None
        session = await testbooks.find("attempt_id", attempt.id)
        assert session is not None and await testbooks.book(session.id, answer)
        for _ in range(times):
            await orders.look(attempt, f"{session.id}-{answer}")
        self.model.hear(entry, answer)

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

    def waiting(self, *answers: str) -> list[tuple[UUID, Entry]]:
        return [(id, entry) for id, entry in self._with("awaiting_payment") if entry.answer in answers]

    def _with(self, status: str) -> list[tuple[UUID, Entry]]:
        return [(id, entry) for id, entry in self.model.orders.items() if entry.status == status]

    async def settle(self) -> None:
        with provider(Will("authorised")):
            await settle()

    @invariant()
    def the_shop_is_what_the_model_says(self) -> None:
        if hasattr(self, "model"):
            self.does(self._compare())

    async def _compare(self) -> None:
        await self.settle()
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
            while self.aside:
                self.put_back(0, "runs out")
            self.does(self.settle())
            shown = {id: entry.status for id, entry in self.model.orders.items()}
            assert self.does(verify.violations(shown)) == []


@pytest.fixture
async def loop(own_database: str) -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.mark.slow
@pytest.mark.timeout(120 + 20 * EXAMPLES)
def test_any_order_of_acts_leaves_the_shop_as_the_model_says(loop: asyncio.AbstractEventLoop) -> None:
    Shop.loop = loop
    print(f"VITRINE_TEST_SEED={SEED}")  # shown when it fails
    run_state_machine_as_test(
        seed(SEED)(Shop),
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink] if EXAMPLES > 12 else [Phase.generate],
        ),
    )  # fmt: skip

"""Processes that die somewhere on an order's way: the part of the state machine that is about crashes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
from hypothesis.stateful import rule

from app.orders import operations as orders
from tests.faults import acts
from tests.faults.model import Model
from tests.faults.will import Will
from tests.knobs import provider
from tests.orders.books import pass_time, state_of
from tests.outboxes import settle

STEPS = ("t1", "t2", "t5", "t6", "t7", "done")
POINTS = [f"{step}_{when}_commit" for step in STEPS for when in ("before", "after")]
SOON, NEXT_DAY = 20, 100_000  # seconds after which the sweepers come by; an order may wait for the first only


class Dying:
    """Rules of the machine. A code's counters are opened first, as by the button: else its first use can't be had."""

    does: Callable[[Coroutine[Any, Any, Any]], Any]
    at_the_button: Callable[[UUID], Coroutine[Any, Any, orders.Placing | None]]
    model: Model
    shoppers: list[UUID]

    @rule(who=st.integers(0, 1), point=st.sampled_from(POINTS))
    def crash(self, who: int, point: str) -> None:
        """The process ends somewhere, or nowhere, on the way; sweepers go on; the shopper posts once more."""
        self.does(self._crash(self.shoppers[who], point))

    async def _crash(self, shopper: UUID, point: str) -> None:
        ask = await self.at_the_button(shopper)
        if ask is None:
            return
        await self._dies(ask, point, SOON)
        with provider(Will("authorised")):
            await acts.press(ask)
        self.model.place(ask.order_id, shopper, (ask.cart_id, ask.cart_version), "authorised")

    @rule(who=st.integers(0, 1), point=st.sampled_from(POINTS))
    def crash_for_long(self, who: int, point: str) -> None:
        """The same, but nobody comes by, neither sweeper nor shopper, until what was put aside is put aside no more."""
        self.does(self._crash_for_long(self.shoppers[who], point))

    async def _crash_for_long(self, shopper: UUID, point: str) -> None:
        ask = await self.at_the_button(shopper)
        if ask is None:
            return
        left = await self._dies(ask, point, NEXT_DAY)
        cart = (ask.cart_id, ask.cart_version)
        if left == "placing":
            self.model.forget(ask.order_id, shopper, cart, replaces=await self._gave_up(cart))
        elif left:
            answer = "silent" if point == "t5_after_commit" else "authorised"
            self.model.place(ask.order_id, shopper, cart, answer)
            self.model.end(self.model.orders[ask.order_id])

    async def _gave_up(self, cart: tuple[UUID, int]) -> bool:
        """Whether it came so far: the shoppers of what may be closed at the provider already come back from there."""
        before = [await state_of(id) for id, entry in self.model.orders.items() if entry in self.model.unpaid_of(cart)]
        for state in before:
            if state.attempt and state.attempt.status == "requires_action":
                await orders.look(state.attempt)
        return any([(await state_of(state.id)).status != "awaiting_payment" for state in before])

    async def _dies(self, ask: orders.Placing, point: str, later: int) -> str | None:
        """Where the order stood right after. So much later the sweepers see to it."""
        await acts.dies(acts.press_first(ask), point)
        left = await acts.status_of(ask)
        if left:
            await pass_time(ask.order_id, later)
        with provider(Will("authorised")):
            await settle()
        return left

"""Time passes: answers that never came, payments nobody makes, and what is put aside for a while."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Literal
from uuid import UUID

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule

from app.db.engines import writing
from app.inventory import operations as inventory
from app.inventory.reservations import Pair
from app.values import any_bucket, new_id
from tests.faults.model import Entry, Model
from tests.orders.books import pass_time

Ends = Literal["let go", "runs out", "pinned too late"]


class Waiting:
    """Rules of the machine; `aside`: what is held for somebody who has no order, with its units."""

    does: Callable[[Coroutine[Any, Any, Any]], Any]
    waiting: Callable[..., list[tuple[UUID, Entry]]]
    settle: Callable[[], Coroutine[Any, Any, None]]
    model: Model
    variants: list[UUID]
    aside: list[tuple[Pair, int]]

    @precondition(lambda self: self.waiting("silent"))
    @rule()
    def wait(self) -> None:
        """The provider that was silent is asked again, and says yes."""
        id, entry = self.waiting("silent")[0]
        self.does(pass_time(id, 20))
        self.does(self.settle())
        self.model.hear(entry, "authorised")

    @precondition(lambda self: self.waiting("declined", "silent", "redirect"))
    @rule(which=st.integers(0, 5))
    def time_out(self, which: int) -> None:
        waiting = self.waiting("declined", "silent", "redirect")
        id, entry = waiting[which % len(waiting)]
        self.does(pass_time(id, 100_000))
        self.does(self.settle())
        self.model.end(entry)

    @rule(what=st.integers(0, 1), units=st.integers(1, 4))
    def put_aside(self, what: int, units: int) -> None:
        """Units are held, with a timer, for somebody who has no order yet."""
        variant = self.variants[what]
        [verdict] = self.does(inventory.reserve(new_id(any_bucket()), [(variant, units)]))
        assert verdict.held == self.model.put_aside(variant, units)
        if verdict.held:
            self.aside.append((verdict.pair, units))

    @precondition(lambda self: self.aside)
    @rule(which=st.integers(0, 5), ends=st.sampled_from(["let go", "runs out", "pinned too late"]))
    def put_back(self, which: int, ends: Ends) -> None:
        """They come back however that ends: given up, forgotten, or wanted when their time was over."""
        pair, units = self.aside.pop(which % len(self.aside))
        self.does(self._put_back(pair, ends))
        self.model.shelves[pair[0]].reserved -= units

    async def _put_back(self, pair: Pair, ends: Ends) -> None:
        variant, id = pair
        if ends == "let go":
            return await inventory.release([pair])
        async with writing(variant) as db:
            await db.execute("UPDATE reservation SET expires_at = clock_timestamp() WHERE id = $1", id)
        if ends == "pinned too late":
            assert not await inventory.pin([pair])
        return None  # the sweep that follows each act finds it

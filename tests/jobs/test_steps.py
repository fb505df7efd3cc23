"""The relay's steps side by side: what ends one of them, and what ends them all."""

from __future__ import annotations

import asyncio
import contextlib

import asyncpg
import pytest

from app.db.engines import Busy
from jobs import relay


async def test_a_defect_in_one_step_does_not_end_it_or_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "STUMBLED", 0.01)
    turns = {"bad": 0, "good": 0}
    enough = asyncio.Event()

    async def bad() -> None:
        turns["bad"] += 1
        if turns["bad"] >= 3 and turns["good"] >= 3:
            enough.set()
        raise asyncpg.UniqueViolationError("twice") if turns["bad"] % 2 else ValueError("1.2.3")

    async def good() -> None:
        turns["good"] += 1

    loops = [asyncio.create_task(relay.again_apart(step, 0.01)) for step in (bad, good)]
    await asyncio.wait_for(enough.wait(), 10)

    assert not any(loop.done() for loop in loops)
    for loop in loops:
        loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await loop


async def test_an_outage_ends_the_loop_so_that_the_lock_is_taken_anew() -> None:
    async def away() -> None:
        raise Busy

    with pytest.raises(Busy):
        await asyncio.wait_for(relay.again_apart(away, 0.01), 10)

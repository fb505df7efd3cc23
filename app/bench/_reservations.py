"""Reservations of one variant that everybody wants: in batches as orders take them, and one by one as one would.

Both pin by the same function and both wait for the disk, since a payment begins by what they say.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from unittest import mock
from uuid import UUID

import msgspec

from app.inventory import operations, reservations, rules
from app.values import any_bucket, new_id

BUYERS = 400  # who ask at once
PLENTY = 1_000_000
ALONE = 8  # one by one: as many as a pool has connections


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """One round: reservations per second, milliseconds they took, and how many shared a transaction on average."""

    rate: float
    p50: float
    p99: float
    batch: float


async def in_turn(*, rounds: int, seconds: float) -> tuple[list[Pace], list[Pace]]:
    """Batched and one by one, alternating on one variant; after a short warm-up of each."""
    variant_id = new_id(any_bucket())
    await operations.open_stock(variant_id, PLENTY)
    send, sizes = reservations.PINNED_HOLDS.send, []

    async def counted(variant_id: UUID, holds: Any) -> Any:
        sizes.append(len(holds))
        return await send(variant_id, holds)

    async def shared() -> None:
        await operations.reserve(new_id(any_bucket()), [(variant_id, 1)], pinned=True)

    async def alone() -> None:
        order_id = new_id(any_bucket())
        await send(variant_id, [reservations.Hold(rules.reservation_id(order_id, variant_id), order_id, 1)])

    async def batched(seconds: float) -> Pace:
        sizes.clear()
        with mock.patch.object(reservations.PINNED_HOLDS, "send", counted):
            pace = await _pace(shared, BUYERS, seconds)
        return msgspec.structs.replace(pace, batch=statistics.mean(sizes))

    await batched(0.5)
    await _pace(alone, ALONE, 0.5)
    pairs = [(await batched(seconds), await _pace(alone, ALONE, seconds)) for _ in range(rounds)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


async def _pace(reserve: Callable[[], Awaitable[None]], buyers: int, seconds: float) -> Pace:
    waits: list[float] = []
    started = time.perf_counter()

    async def buyer() -> None:
        since = started
        while since - started < seconds:
            await reserve()
            since, before = time.perf_counter(), since
            waits.append(since - before)

    await asyncio.gather(*(buyer() for _ in range(buyers)))
    spent = time.perf_counter() - started
    cuts = statistics.quantiles(waits, n=100)
    return Pace(rate=len(waits) / spent, p50=cuts[49] * 1000, p99=cuts[98] * 1000, batch=1)

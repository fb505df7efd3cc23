"""Everything at once, with connections being killed, against a dict: nothing acknowledged is lost, nothing is sold twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.db.engines import OUTAGES, Busy, reading, writing
from app.db.pools import connect
from app.inventory import audit, operations, queries
from app.inventory.tables import CLAIMED, HELD, PINNED, RELEASED
from app.settings import settings
from app.values import bucket_of
from tests.inventory.stocked import a_stocked_variant, an_order

BUYERS, ADJUSTMENTS, OPENING = 10, 12, 40
BROKEN = (*OUTAGES, Busy, TimeoutError, asyncpg.PostgresError, asyncpg.InternalClientError)

T = TypeVar("T")


async def surely(act: Callable[[], Awaitable[T]]) -> T:
    """Asks until there is an answer, as a driver and its sweeper do."""
    while True:
        try:
            return await act()
        except BROKEN:
            await asyncio.sleep(0.01)


class Model:
    """What everybody was told: the state of each reservation, and the units that came and went."""

    def __init__(self, variants: list[UUID]) -> None:
        self.variants = variants
        self.states: dict[tuple[UUID, UUID], tuple[int, int]] = {}  # pair -> state, quantity
        self.adjusted = dict.fromkeys(variants, 0)

    def units(self, variant_id: UUID, *states: int) -> int:
        return sum(units for pair, (state, units) in self.states.items() if pair[0] == variant_id and state in states)

    def move(self, pairs: list[tuple[UUID, UUID]], to: int) -> None:
        for pair in pairs:
            self.states[pair] = (to, self.states[pair][1])


async def an_orders_life(model: Model, chance: random.Random) -> None:
    """Reserved, then whatever may happen to it; some of it twice."""
    order = an_order()
    lines = [(variant_id, chance.randint(1, 3)) for variant_id in chance.sample(model.variants, chance.randint(1, 2))]
    verdicts = await surely(lambda: operations.reserve(order, lines))
    for verdict in verdicts:
        if verdict.said != "sold_out":
            held = all(each.held for each in verdicts)
            model.states[verdict.pair] = (HELD if held else RELEASED, verdict.quantity)
    if not all(verdict.held for verdict in verdicts):
        return
    assert await surely(lambda: operations.reserve(order, lines)) == verdicts
    pairs = [verdict.pair for verdict in verdicts]
    fate = chance.choice(["hold", "release", "expire", "pin", "pin, release", "sell", "sell", "sell"])
    if fate == "expire":
        await surely(lambda: expire(pairs))
    if fate.startswith(("pin", "sell", "expire")):
        pinned = await surely(lambda: operations.pin(pairs))
        assert pinned == (fate != "expire")
        model.move(pairs, PINNED if pinned else RELEASED)
    if fate.endswith("release"):
        await surely(lambda: operations.release(pairs))
        model.move(pairs, RELEASED)
    if fate == "sell":
        for _ in range(chance.randint(1, 2)):
            assert await surely(lambda: operations.claim(pairs))
        model.move(pairs, CLAIMED)


async def expire(pairs: list[tuple[UUID, UUID]]) -> None:
    for variant_id, id in pairs:
        async with writing(variant_id) as db:
            await db.execute(
                "UPDATE reservation SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1 AND state = 0",
                id,
            )


async def adjustments(model: Model, chance: random.Random) -> None:
    for _ in range(ADJUSTMENTS):
        variant_id, delta, key = chance.choice(model.variants), chance.choice([-4, 2, 3, 5]), uuid4()
        try:
            await surely(lambda v=variant_id, d=delta, k=key: operations.adjust(v, d, key=k))
        except operations.BelowReserved:
            continue
        model.adjusted[variant_id] += delta


async def sweeps(model: Model) -> None:
    while True:
        for variant_id in model.variants:
            await surely(lambda v=variant_id: operations.sweep_expired(bucket_of(v)))
        await asyncio.sleep(0.05)


async def kills(killed: list[int]) -> None:
    """Every now and then all connections of the shop's pools are cut."""
    killer = await connect(settings().shared_dsn, settings(), application_name="killer")
    while True:
        await asyncio.sleep(0.08)
        killed += await killer.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'vitrine' AND datname = current_database() AND random() < 0.5"
        )


@pytest.mark.parametrize(("seed", "orders"), [(7, 3), pytest.param(11, 12, marks=pytest.mark.slow)])
async def test_whatever_is_killed_stock_is_what_everybody_was_told(databases, seed: int, orders: int) -> None:
    chance = random.Random(seed)
    model = Model([await a_stocked_variant(OPENING) for _ in range(3)])
    killed: list[int] = []

    async def buyer(own: random.Random) -> None:
        for _ in range(orders):
            await an_orders_life(model, own)

    behind = [asyncio.create_task(kills(killed)), asyncio.create_task(sweeps(model))]
    try:
        await asyncio.gather(
            *(buyer(random.Random(chance.random())) for _ in range(BUYERS)), adjustments(model, chance)
        )
    finally:
        for task in behind:
            task.cancel()
        await asyncio.gather(*behind, return_exceptions=True)
    await surely(lambda: operations.sweep_expired(bucket_of(model.variants[0])))

    assert killed
    for variant_id in model.variants:
        await agrees(model, variant_id)


async def agrees(model: Model, variant_id: UUID) -> None:
    stock = await surely(lambda: queries.stock_of(variant_id))
    async with reading(variant_id) as db:
        rows = await db.fetch("SELECT id, state, quantity FROM reservation WHERE variant_id = $1", variant_id)
    wrong = await audit.findings(range(bucket_of(variant_id), bucket_of(variant_id) + 1))
    sold = model.units(variant_id, CLAIMED)

    assert {(variant_id, row["id"]): (row["state"], row["quantity"]) for row in rows} == {
        pair: told for pair, told in model.states.items() if pair[0] == variant_id
    }
    assert (stock.sold, stock.reserved) == (sold, model.units(variant_id, HELD, PINNED))
    assert stock.on_hand == OPENING + model.adjusted[variant_id] - sold >= stock.reserved
    assert [finding for finding in wrong if finding.variant_id == variant_id and finding.what != "pages"] == []

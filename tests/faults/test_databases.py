"""Connections that end around COMMIT, shards that are down or hang, clocks that jump, providers that fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from unittest import mock
from uuid import UUID

import pytest

from app.cart.queries import cart_view
from app.catalog.queries import sellables
from app.db import migrate
from app.db.engines import Busy, close_databases, open_databases
from app.inventory.queries import limit_of
from app.ops import verify
from app.orders import operations as orders
from app.payments import operations as payments
from app.promotions.rules import limit_name
from app.promotions.terms import Fixed
from app.settings import settings
from app.values import name_bucket, new_id
from tests.faults import acts, ledger
from tests.faults.far import is_far, placed, shopper, variant
from tests.faults.proxy import Proxy
from tests.knobs import knobs, provider
from tests.makers import a_cart, a_placing, a_product, a_promotion, a_shopper, an_order
from tests.orders.books import numbers_of, orders_from, pass_time, state_of
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")
slow = pytest.mark.slow


@pytest.fixture(autouse=True)
def paid() -> Iterator[None]:
    """The provider says yes, if a test says nothing else."""
    with provider(ledger.Ledger()):
        yield


COMMITS = range(1, 4)  # of the shopper's shard: those of T1, T5, T6


@pytest.mark.parametrize(
    ("nth", "side"),
    [
        pytest.param(nth, side, marks=() if (nth, side) == (1, "after") else slow, id=f"{side}-commit-{nth}")
        for nth in COMMITS
        for side in ("before", "after")
    ],
)
async def test_a_connection_that_ends_around_commit_loses_and_doubles_nothing(half: Proxy, nth: int, side: str) -> None:
    ask = await a_placing({await variant(far=False): 1}, await shopper(far=True))
    half.set(cut_at=b"COMMIT\0", cut_nth=nth, cut_side=side)

    told = await placed(ask)
    cuts = half.cuts
    half.set()
    stood = await acts.status_of(ask)
    if stood:
        await pass_time(ask.order_id, 20)
        with provider(ledger.Ledger()):
            await settle()
    again = await placed(ask)
    await settle()

    assert told in ("busy", "placing", "awaiting_payment", "placed")
    assert told == "busy" or stood, "an order that was shown is there"
    assert cuts == 1
    assert again == "placed"
    assert await orders_from(ask.cart_id) == ["placed"]
    assert await verify.violations({ask.order_id: stood} if stood else {}) == []


#   the far server     how                       its shoppers wait at most (seconds)
AWAY = [
    ("down",           {"mode": "refuse"},       2),
    ("hung",           {"mode": "blackhole"},    6),
]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "faults", "patience"),
    [pytest.param(*row, id=row[0], marks=() if row[0] == "down" else slow) for row in AWAY],
)
async def test_a_shard_that_is_away_stops_only_its_own_shoppers(
    half: Proxy, how: str, faults: dict[str, Any], patience: float
) -> None:
    there = await variant(far=True)
    here = await variant(far=False)
    client = next(name for name in map(str, range(99)) if is_far(new_id(name_bucket(payments.client_print(name)))))
    ours = [await a_placing({here: 1}, await shopper(far=False), client=client) for _ in range(3)]
    theirs = [await a_placing({here: 1}, await shopper(far=True)) for _ in range(3)]
    mixed = await a_placing({there: 1}, await shopper(far=False))
    half.set(**faults)

    near = await asyncio.gather(*(_timed(placed(ask)) for ask in ours))  # what their client was declined lies far
    away = await asyncio.gather(*(_timed(placed(ask)) for ask in theirs))
    between = await placed(mixed)
    half.set()
    await asyncio.sleep(0.1)
    for ask in (mixed, *theirs):
        if await acts.status_of(ask):
            await pass_time(ask.order_id, 20)
    with provider(ledger.Ledger()):
        await settle()
    later = [await placed(ask) for ask in (mixed, *theirs)]
    await settle()

    assert [told for told, _ in near] == ["placed"] * 3
    assert [told for told, _ in away] == ["busy"] * 3
    assert max(took for _, took in away) < patience, how
    assert between in ("placing", "busy"), "what lies on that shard can't be had now, and the order is not lost"
    assert later == ["placed"] * 4
    assert await verify.violations({ask.order_id: "placed" for ask in ours}) == []


async def test_an_offer_whose_uses_nobody_can_count_now_is_left_out_and_stops_nobody(half: Proxy) -> None:
    here = await variant(far=False)
    product_id = (await sellables([here]))[here].product_id
    promotion = await a_promotion(Fixed(amount=100), only=(product_id,), most_uses=3)
    while not is_far(limit_of(limit_name(promotion.id))):
        promotion = await a_promotion(Fixed(amount=100), only=(product_id,), most_uses=3)
    buyer = await shopper(far=False)
    await a_cart({here: 1}, buyer)
    whole, ask = await cart_view(buyer), await a_placing({here: 1}, await shopper(far=False))
    half.set(mode="refuse")

    alone = await cart_view(buyer)
    told = await placed(ask)

    assert whole.total < alone.total <= alone.subtotal
    assert told == "placed"


async def test_processes_start_while_a_shard_is_away(half: Proxy) -> None:
    half.set(mode="refuse")
    await close_databases()

    await open_databases(settings())
    await migrate.check(settings())

    assert await placed(await a_placing({await _near_variant(): 1}, await shopper_near())) == "placed"


@pytest.mark.parametrize("jump", [pytest.param(600, marks=slow), -600])
async def test_a_clock_that_jumps_expires_nothing_early(jump: float) -> None:
    product = await a_product(variants=[{"stock": 5}])
    clocks = {"time": time.time, "time_ns": time.time_ns}  # pages and signatures; the ids of orders and attempts
    ahead = {"time": lambda: clocks["time"]() + jump, "time_ns": lambda: clocks["time_ns"]() + int(jump) * 10**9}
    with mock.patch.multiple("time", **ahead), provider(ledger.Ledger(before=ledger.broken)):
        state = await an_order({product.variant_id: 2})
        await settle()
    held = await numbers_of(product.variant_id)
    await pass_time(state.id, 20)
    with provider(ledger.Ledger()):
        await settle()

    assert held == (5, 2, 0), "nobody let go of it"
    assert (await state_of(state.id)).status == "placed"
    assert await verify.violations({state.id: "awaiting_payment"}) == []


#   the provider                how
TROUBLE = [
    ("is broken",               {"before": ledger.broken}),
    ("is slow",                 {"before": ledger.slow}),
    ("books, then breaks",      {"after": ledger.broken}),
    ("books, then is slow",     {"after": ledger.slow}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "trouble"),
    [pytest.param(*row, id=row[0], marks=() if row[0] == "books, then breaks" else slow) for row in TROUBLE],
)
async def test_a_provider_that_fails_charges_once(how: str, trouble: dict[str, Callable[[], Awaitable[None]]]) -> None:
    product = await a_product(variants=[{"stock": 5}])
    with knobs(provider_timeout=0.3), provider(ledger.Ledger(**trouble)):
        ask = await a_placing({product.variant_id: 1})
        shown = (await orders.place(ask)).state.status
        shown_again = (await orders.place(ask)).state.status
        await pass_time(ask.order_id, 20)
        await settle()

    assert (shown, shown_again) == ("awaiting_payment",) * 2
    assert await acts.status_of(ask) == "placed", how
    assert await verify.violations({ask.order_id: shown}) == []


async def _timed(asked: Awaitable[str]) -> tuple[str, float]:
    started = time.monotonic()
    return await asked, time.monotonic() - started


async def _near_variant() -> UUID:
    """As `variant`, while the far server is away: makers that would write there are tried again."""
    while True:
        try:
            id = (await a_product(variants=[{"stock": 50}])).variant_id
        except Busy:
            continue
        if not is_far(id):
            return id


async def shopper_near() -> UUID:
    while True:
        try:
            return await a_shopper()
        except Busy:
            continue

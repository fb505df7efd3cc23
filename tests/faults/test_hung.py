"""A server that takes connections and answers nobody: whoever needs it is told so at once, the others notice nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import httpx
import pytest

from app.db import engines
from app.db.breaker import Breaker
from app.db.engines import Busy, all_shards, reading, writing
from app.db.sharding import shard_of
from app.orders import operations as orders
from app.values import bucket_of, read_bucket_mark
from jobs.after import JOBS
from jobs.run import run_row
from tests.checkout.walk import another_browser
from tests.faults import ledger
from tests.faults.far import shopper, variant
from tests.faults.proxy import Proxy
from tests.knobs import provider
from tests.makers import a_placing
from tests.outboxes import postbox, settle

pytestmark = pytest.mark.usefixtures("own_database")

AT_ONCE = 0.5  # seconds; what waits for a hung server takes at least as long as a connection may


async def asked(key: Any) -> str:
    """Whether the key's shard answers a question: `yes` or `busy`."""
    try:
        async with reading(key) as db:
            await db.fetchval("SELECT 1")
    except Busy:
        return "busy"
    return "yes"


async def timed(work: Awaitable[Any]) -> tuple[Any, float]:
    started = time.monotonic()
    return await work, time.monotonic() - started


def breaker() -> Breaker:
    """Of the far server."""
    return engines._servers.breakers[engines._servers.pools[all_shards()[-1].dsn]]


async def until(what: Any) -> None:
    async with asyncio.timeout(20):
        while not await what():
            await asyncio.sleep(0.05)


async def hung(half: Proxy, key: Any) -> None:
    """The far server has stopped answering, and somebody has waited for it already."""
    half.set(mode="blackhole")
    first = asyncio.create_task(asked(key))

    async def noticed() -> bool:
        return breaker().open

    await until(noticed)
    assert await first == "busy"


async def test_a_hung_server_is_found_out_and_then_nobody_waits_for_it(half: Proxy) -> None:
    here, there = await shopper(far=False), await shopper(far=True)
    await hung(half, there)

    many, took = await timed(asyncio.gather(*(asked(there) for _ in range(50))))
    near, near_took = await timed(asyncio.gather(*(asked(here) for _ in range(50))))
    half.set()

    async def answers() -> bool:
        return await asked(there) == "yes"

    await until(answers)

    assert set(many) == {"busy"}
    assert set(near) == {"yes"}
    assert took < AT_ONCE
    assert near_took < 5 * AT_ONCE, "fifty real questions of a busy machine"
    assert not breaker().open


async def test_a_server_that_is_only_slow_is_asked_how_it_is_and_left_alone(half: Proxy) -> None:
    there = await shopper(far=True)

    async with reading(there) as db:
        await db.fetchval("SELECT pg_sleep(0.7)")
    task = breaker().asking
    assert task is not None
    await task

    assert not breaker().open
    assert await asked(there) == "yes"


@pytest.mark.slow
async def test_its_shoppers_get_a_page_that_says_so_and_the_others_their_cart(half: Proxy) -> None:
    goods = await variant(far=False)
    async with another_browser() as first, another_browser() as second:
        theirs, ours = await _shopping(first, goods, far=True), await _shopping(second, goods, far=False)
        await hung(half, all_shards()[-1].first)

        away, took = await timed(asyncio.gather(*(theirs.get("/cart") for _ in range(20))))
        here = await ours.get("/cart")
        half.set()

    assert {page.status_code for page in away} == {503}
    assert {page.headers["retry-after"] for page in away} == {"5"}
    assert "very busy" in away[0].text
    assert "<title>" in away[0].text, "the shop's own page"
    assert took < 4 * AT_ONCE, "twenty pages rendered"
    assert here.status_code == 200


async def _shopping(browser: httpx.AsyncClient, goods: Any, *, far: bool) -> httpx.AsyncClient:
    """The browser with a cart on the far, or on the near server."""
    while True:
        browser.cookies.clear()
        await browser.post("/cart/lines", data={"variant_id": str(goods), "quantity": "1"})
        sid = next(value for name, value in browser.cookies.items() if name.startswith("sid"))
        if (shard_of(read_bucket_mark(sid[:2]) or 0, all_shards()).schema >= "s02") == far:
            return browser


@pytest.mark.slow
async def test_jobs_that_need_it_fail_quickly_and_the_others_are_done(half: Proxy) -> None:
    here, there = await variant(far=False), await variant(far=True)
    with provider(ledger.Ledger()):
        asks = [await a_placing({goods: 1}, await shopper(far=False)) for goods in (here, there)]
        states = [(await orders.place(ask)).state for ask in asks]
    await hung(half, there)

    with postbox() as mailed:
        rows = await _near_rows()
        done = [await timed(run_row(JOBS, bucket_of(id), id)) for id in rows]
    half.set()

    async def answers() -> bool:
        return await asked(there) == "yes"

    await until(answers)
    async with writing(asks[1].order_id) as db:
        await db.execute("UPDATE outbox SET available_at = now() WHERE done_at IS NULL")
    with provider(ledger.Ledger()):
        await settle()

    assert [state.status for state in states] == ["placed"] * 2
    assert [well for well, _ in done].count(False) == 1, "to claim what lies there"
    assert len(mailed) == 2
    assert max(took for _, took in done) < 4 * AT_ONCE
    assert await _near_rows() == []


async def _near_rows() -> list[Any]:
    found = []
    for shard in all_shards()[:2]:
        async with reading(shard.first) as db:
            found += await db.fetch("SELECT id FROM outbox WHERE done_at IS NULL ORDER BY id")
    return [row["id"] for row in found]

"""The disk of one database server is full: its shoppers are told to come back, nothing is half written, and it goes on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from app.db import migrate
from app.db.engines import close_databases, open_databases
from app.ops import verify
from app.settings import settings
from tests.faults import acts, ledger
from tests.faults.far import placed, shopper, variant, with_far_half
from tests.faults.small_disk import SmallDisk, empty_folder, mount
from tests.knobs import knobs, provider
from tests.makers import a_placing
from tests.orders.books import pass_time
from tests.outboxes import settle
from tests.servers import Servers

pytestmark = pytest.mark.slow


@pytest.fixture
def disk(servers: Servers) -> Iterator[SmallDisk]:
    """A server for the upper two shards."""
    folder = empty_folder()
    if not mount(folder):
        folder.rmdir()
        pytest.skip("only root may mount a small file system")
    running = SmallDisk(folder, servers.home)
    yield running
    running.remove()


@pytest.fixture
async def half(disk: SmallDisk, own_database: str) -> AsyncIterator[SmallDisk]:
    """The app's pools are open on it."""
    await close_databases()
    with knobs(shards=with_far_half(own_database, disk.dsn)):
        await migrate.migrate(settings())
        await open_databases(settings())
        yield disk
        await close_databases()
    await open_databases(settings())


async def test_a_full_disk_refuses_cleanly_and_its_shoppers_can_buy_when_there_is_space(half: SmallDisk) -> None:
    product = await variant(far=False)
    ours = [await a_placing({product: 1}, await shopper(far=False)) for _ in range(3)]
    theirs = [await a_placing({product: 1}, await shopper(far=True)) for _ in range(40)]
    half.fill()

    with provider(ledger.Ledger()):
        away = await asyncio.gather(*(placed(ask) for ask in theirs))
        near = [await placed(ask) for ask in ours]
    half.clear()
    shown = {ask.order_id: told for ask, told in zip(theirs, away, strict=True) if told != "busy"}
    for ask in theirs:
        if await acts.status_of(ask):
            await pass_time(ask.order_id, 20)
    with provider(ledger.Ledger()):
        await settle()
        later = [await placed(ask) for ask in theirs]
        await settle()

    assert "busy" in away
    assert near == ["placed"] * 3
    assert later == ["placed"] * len(theirs)
    assert await verify.violations(shown | {ask.order_id: "placed" for ask in ours}) == []

"""Two relays: the second does what the first no longer does, within ten seconds."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest

from app.db.engines import reading, writing
from app.db.outbox import emit
from app.orders.events import OrderChanged
from app.values import new_id
from tests.jobs.test_run import the_row
from tests.stack import ROOT

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.slow]

TAKEOVER = 10.0


WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND query LIKE '%pg_try_advisory_lock(%'
"""


@pytest.fixture
async def relays() -> AsyncIterator[list[subprocess.Popen[bytes]]]:
    """Two relays of this file's database: the first works, the second waits."""
    first = _start()
    both = [first]
    try:
        await within(30, lambda: _relayed(30))
        both.append(_start())
        await within(30, _one_waits)
        yield both
    finally:
        for each in both:
            each.kill()
            each.wait()


def _start() -> subprocess.Popen[bytes]:
    environment = os.environ | {"VITRINE_REDIS_URL": "unix:///var/tmp/no-such-redis", "VITRINE_REDISPATCH_AFTER": "1"}
    command = [sys.executable, "-m", "jobs.relay"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


async def _one_waits() -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        async with reading(0) as db:
            if await db.fetchval(WAITING) >= 2:  # one lock per database server and role
                return True
        await asyncio.sleep(0.1)
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_second_relay_takes_over_from_one_that_dies_or_hangs(
    relays: list[subprocess.Popen[bytes]], number: signal.Signals
) -> None:
    os.kill(relays[0].pid, number)

    took = await within(TAKEOVER, lambda: _relayed(2 * TAKEOVER))

    assert took < TAKEOVER


async def _relayed(patience: float) -> bool:
    """Whether a row is done by some relay."""
    bucket = 77
    async with writing(bucket):
        id: UUID = await emit(OrderChanged(order_id=new_id(bucket)))
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if (await the_row(bucket, id))["done_at"]:
            return True
        await asyncio.sleep(0.1)
    return False


async def within(seconds: float, check: Callable[[], Awaitable[bool]]) -> float:
    """How long it took until `check` was true. Raises AssertionError after `seconds`."""
    started = time.monotonic()
    assert await check(), f"not within {seconds} s"
    return time.monotonic() - started

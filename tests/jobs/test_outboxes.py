"""The relay's way with rows: nobody waits behind a row that is slow, raises, or ends its process."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
from typing import Any
from uuid import UUID

import pytest

from app.db.engines import all_shards, writing
from app.db.outbox import Event, emit
from app.inventory.events import StockBandChanged
from app.settings import settings
from app.values import bucket_of, new_id
from jobs import lanes, queue, worker
from jobs.after import MAILS, REST
from jobs.lanes import Lane
from jobs.outboxes import AT_A_TIME, Outboxes
from jobs.run import DEATHS, Jobs, run_row
from tests.jobs.test_run import the_row
from tests.knobs import knobs
from tests.stack import ROOT

pytestmark = pytest.mark.usefixtures("own_database")


class Rang(Event, frozen=True, kw_only=True):
    """Somebody rang."""

    word: str = "ding"


class SendBell(Event, frozen=True, kw_only=True):
    """A mail, by its name."""


async def rang(bucket: int, word: str = "ding") -> UUID:
    async with writing(bucket):
        return await emit(Rang(word=word))


async def a_band() -> UUID:
    variant_id = new_id(0)
    async with writing(variant_id):
        return await emit(StockBandChanged(variant_id=variant_id, band="in", back_on=None, version=1))


def relay(jobs: Jobs) -> Outboxes:
    """A relay without a Redis."""
    with knobs(redis_url="unix:///var/tmp/no-such-redis"):
        return Outboxes(settings(), all_shards(), queue.connect(settings()), jobs)


async def is_done(id: UUID) -> bool:
    return bool((await the_row(bucket_of(id), id))["done_at"])


async def test_without_redis_the_relay_does_the_work_itself_at_once() -> None:
    heard: list[str] = []

    async def listen(event: Rang, row: UUID) -> None:
        heard.append(event.word)

    outboxes = relay({Rang: listen})
    ids = [await rang(bucket, str(bucket)) for bucket in (1, 300, 600, 900)]

    started = time.monotonic()
    await outboxes.step()
    await outboxes.idle()

    assert time.monotonic() - started < queue.PATIENCE + 2
    assert sorted(heard) == ["1", "300", "600", "900"]
    assert all([await is_done(id) for id in ids])


async def test_slow_work_keeps_neither_projections_nor_the_relay_waiting() -> None:
    stuck = asyncio.Event()

    async def hang(event: Rang, row: UUID) -> None:
        await stuck.wait()

    async def project(event: StockBandChanged, row: UUID) -> None:
        return None

    outboxes = relay({Rang: hang, StockBandChanged: project})
    for _ in range(4 * AT_A_TIME):
        await rang(5)
    await outboxes.step()
    band = await a_band()

    await outboxes.step()
    await outboxes.projections.idle()

    assert await is_done(band)
    assert outboxes.others[REST].full
    stuck.set()
    while await outboxes.step():
        await outboxes.idle()


async def test_rows_that_raise_do_not_hold_others() -> None:
    async def mostly(event: Rang, row: UUID) -> None:
        if event.word == "bad":
            raise RuntimeError("out of tune")

    outboxes = relay({Rang: mostly})
    words = ["bad"] * 30 + ["good"] * 10
    random.Random(1).shuffle(words)
    ids = {await rang(7, word): word for word in words}

    for _ in range(4):
        await outboxes.step()
        await outboxes.idle()

    assert {id for id in ids if await is_done(id)} == {id for id, word in ids.items() if word == "good"}


async def test_a_row_begun_elsewhere_is_not_run_side_by_side() -> None:
    heard: list[UUID] = []

    async def listen(event: Rang, row: UUID) -> None:
        heard.append(row)
        await asyncio.sleep(0.05)

    id = await rang(8)

    await asyncio.gather(*(run_row({Rang: listen}, 8, id) for _ in range(5)))

    assert heard == [id]


KILLER = """
import asyncio, os, sys
from uuid import UUID
from app.db.engines import open_databases
from app.settings import settings
from jobs.run import run_row
from tests.jobs.test_outboxes import Rang

async def kill(event, row):
    os.kill(os.getpid(), 9)

async def main():
    await open_databases(settings())
    await run_row({Rang: kill}, 9, UUID(sys.argv[1]))

asyncio.run(main())
"""


DIED = "UPDATE outbox SET unfinished = $2, available_at = now(), created_at = now() - $3::text::interval WHERE id = $1"


async def test_a_row_that_kills_its_process_is_given_again_later_and_dies_in_the_end() -> None:
    killer, other = await rang(9, "kill"), await rang(9)

    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", KILLER, str(killer)], cwd=ROOT, check=False)
    seen = await the_row(9, killer)
    async with writing(9) as db:
        await db.execute(DIED, killer, DEATHS, "1 hour")
    await run_row({Rang: _never}, 9, killer)

    assert done.returncode == -signal.SIGKILL
    assert (seen["unfinished"], seen["done_at"]) == (1, None)
    assert seen["available_at"] > seen["created_at"]
    dead = await the_row(9, killer)
    assert dead["dead"] and "processes ended" in dead["error"]
    assert await run_row({Rang: _ignore}, 9, other) and await is_done(other)


async def test_in_a_bad_hour_a_row_does_not_die_of_what_killed_its_neighbours() -> None:
    id = await rang(9)
    async with writing(9) as db:
        await db.execute(DIED, id, DEATHS + 3, "55 minutes")

    assert await run_row({Rang: _ignore}, 9, id) and await is_done(id)


async def test_mails_that_hang_keep_no_other_work_waiting() -> None:
    stuck = asyncio.Event()
    heard: list[str] = []

    async def hang(event: SendBell, row: UUID) -> None:
        await stuck.wait()

    async def listen(event: Rang, row: UUID) -> None:
        heard.append(event.word)

    outboxes = relay({SendBell: hang, Rang: listen})
    async with writing(6):
        for _ in range(300):  # more than one look takes in, and all of them older
            await emit(SendBell())
    for _ in range(3):
        await outboxes.step()
    await rang(6, "now")
    for _ in range(5):  # what tests before left is due as well
        await outboxes.step()
        await outboxes.others[REST].idle()

    assert "now" in heard
    assert outboxes.others[MAILS].full
    stuck.set()
    while await outboxes.step():
        await outboxes.idle()


async def test_of_the_rows_of_a_hint_a_bad_one_keeps_no_other_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    ids, tried = [new_id(bucket) for bucket in (1, 400, 900)], []

    async def run(jobs: Jobs, bucket: int, id: UUID) -> bool:
        tried.append((bucket, id))
        if id == ids[0]:
            raise OSError("its database is away")
        return True

    monkeypatch.setattr(lanes, "run_row", run)
    ctx: dict[str, Any] = {}
    await worker.open_lanes(ctx)
    await worker.look_at(ctx, [str(id) for id in ids])
    await worker.close_lanes(ctx)

    assert sorted(tried) == [(bucket_of(id), id) for id in ids]


async def test_a_hint_does_not_wait_for_its_rows_and_a_second_one_does_not_begin_them_again() -> None:
    stuck = asyncio.Event()
    begun: list[UUID] = []

    async def hang(event: SendBell, row: UUID) -> None:
        begun.append(row)
        await stuck.wait()

    async def listen(event: Rang, row: UUID) -> None:
        begun.append(row)

    jobs: Jobs = {SendBell: hang, Rang: listen}
    ctx = {"lanes": {name: Lane(jobs, room) for name, room in worker.ROOM.items()}}
    async with writing(4):
        mails = [await emit(SendBell()) for _ in range(3 * worker.ROOM[MAILS])]
    other = await rang(4)

    for _ in range(2):
        await worker.look_at(ctx, [str(id) for id in mails], MAILS)
    await worker.look_at(ctx, [str(other)])
    await ctx["lanes"][REST].idle()

    assert await is_done(other)
    assert len(begun) == len(set(begun)) <= worker.ROOM[MAILS] + 1, "as many as there is room for"
    stuck.set()
    await worker.close_lanes(ctx)
    assert all([await is_done(id) for id in mails])


async def test_hints_are_not_pickled() -> None:
    redis = relay({}).hints.redis

    assert redis.job_serializer({"a": 1}) == b"\x81\xa1a\x01"
    with pytest.raises(Exception):  # noqa: B017 - whatever MessagePack says to a pickle
        redis.job_deserializer(__import__("pickle").dumps({"a": 1}))


async def _never(event: Rang, row: UUID) -> None:
    raise AssertionError("it is buried, not run")


async def _ignore(event: Rang, row: UUID) -> None:
    return None

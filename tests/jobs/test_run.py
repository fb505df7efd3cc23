from __future__ import annotations

import asyncio
from unittest import mock
from uuid import UUID

import pytest

from app.db.engines import reading, writing
from app.db.outbox import Event, emit
from app.values import any_bucket
from jobs import run
from jobs.run import LONGEST_WAIT, backoff, run_row

pytestmark = pytest.mark.usefixtures("databases")


class Rang(Event):
    """Somebody rang."""

    times: int


async def a_row(bucket: int, times: int = 1) -> UUID:
    async with writing(bucket):
        return await emit(Rang(times=times))


async def the_row(bucket: int, id: UUID) -> dict:
    async with reading(bucket) as db:
        return dict(await db.fetchrow("SELECT *, available_at = 'infinity' AS dead FROM outbox WHERE id = $1", id))


async def test_a_row_is_done_once_and_then_left_alone() -> None:
    bucket, heard = any_bucket(), []
    id = await a_row(bucket, times=3)

    async def listen(event: Rang, row: UUID) -> None:
        heard.append((event.times, row))

    assert await run_row({Rang: listen}, bucket, id)
    assert await run_row({Rang: listen}, bucket, id)

    assert heard == [(3, id)]
    assert (await the_row(bucket, id))["done_at"]


async def test_a_failed_row_is_tried_later_with_its_reason_kept() -> None:
    bucket = any_bucket()
    id = await a_row(bucket)

    assert not await run_row({Rang: _fail}, bucket, id)

    row = await the_row(bucket, id)
    assert row["attempts"] == 1
    assert "out of tune" in row["error"]
    assert row["done_at"] is None and not row["dead"]
    assert row["available_at"] > row["created_at"]


@pytest.mark.parametrize(("age", "dead"), [("2 days", False), ("4 days", True)])
async def test_a_row_outlives_a_weekend_of_failures_then_dies_and_stays_readable(age: str, dead: bool) -> None:
    bucket = any_bucket()
    id = await a_row(bucket)
    async with writing(bucket) as db:
        await db.execute(
            "UPDATE outbox SET attempts = 500, created_at = now() - $2::text::interval WHERE id = $1", id, age
        )

    await run_row({Rang: _fail}, bucket, id)

    row = await the_row(bucket, id)
    assert row["dead"] is dead and row["attempts"] == 501 and "out of tune" in row["error"]


async def test_an_unknown_kind_is_a_failure_and_not_forgotten() -> None:
    bucket = any_bucket()
    id = await a_row(bucket)

    assert not await run_row({}, bucket, id)

    assert "no job for Rang" in (await the_row(bucket, id))["error"]


def test_waits_grow_and_stay_bounded() -> None:
    assert backoff(1) <= 2 < LONGEST_WAIT / 2 <= backoff(5000) <= LONGEST_WAIT


async def _fail(event: Rang, row: UUID) -> None:
    raise RuntimeError("out of tune")


async def test_rows_that_run_side_by_side_share_the_transactions_around_them() -> None:
    bucket, heard = any_bucket(), []
    ids = [await a_row(bucket) for _ in range(30)]

    async def listen(event: Rang, row: UUID) -> None:
        heard.append(row)

    with mock.patch.object(run, "writing", side_effect=run.writing) as opened:
        await asyncio.gather(*(run_row({Rang: listen}, bucket, id) for id in ids))

    assert sorted(heard) == sorted(ids)
    assert all([(await the_row(bucket, id))["done_at"] for id in ids])
    assert opened.call_count <= 8  # two for each row that ran alone, four or so for thirty

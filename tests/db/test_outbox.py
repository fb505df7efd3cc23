from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from app.db.engines import EVERYONE, NoShard, reading, writing
from app.db.outbox import Event, emit, read_event
from app.values import bucket_of, new_id

pytestmark = pytest.mark.usefixtures("databases")


class KettleBoiled(Event, frozen=True, kw_only=True):
    kettle_id: UUID
    on: date | None
    cups: int


def an_event() -> KettleBoiled:
    return KettleBoiled(kettle_id=new_id(1), on=date(2026, 11, 3), cups=4)


async def row_of(key, id):
    async with reading(key) as db:
        return await db.fetchrow("SELECT * FROM outbox WHERE id = $1", id)


@pytest.mark.parametrize("key", [700, EVERYONE])
async def test_an_event_is_written_with_what_it_is_about(key):
    event = an_event()

    async with writing(key):
        id = await emit(event)

    row = await row_of(key, id)
    assert row["kind"] == "KettleBoiled"
    assert read_event(KettleBoiled, row["body"]) == event
    assert (row["attempts"], row["dispatched_at"], row["done_at"]) == (0, None, None)
    assert key == EVERYONE or bucket_of(id) == key


async def test_an_event_is_gone_with_the_transaction_that_failed():
    with pytest.raises(ZeroDivisionError):
        async with writing(700):
            id = await emit(an_event())
            raise ZeroDivisionError

    assert await row_of(700, id) is None


async def test_an_event_can_be_due_later():
    async with writing(700) as db:
        now = await db.fetchval("SELECT clock_timestamp()")
        id = await emit(an_event(), delay=60)

    due = (await row_of(700, id))["available_at"] - now
    assert 59 < due.total_seconds() < 65


async def test_an_event_belongs_into_a_transaction():
    with pytest.raises(NoShard):
        await emit(an_event())
    async with reading(700):
        with pytest.raises(NoShard):
            await emit(an_event())


def test_a_body_of_another_shape_is_no_event():
    with pytest.raises(msgspec.ValidationError):
        read_event(KettleBoiled, {"cups": "many"})

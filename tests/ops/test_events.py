"""What is open, late and dead, over the shared database and every shard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from click.testing import CliRunner

from app.db.engines import EVERYONE, all_shards, writing
from app.db.outbox import Event, emit
from app.ops import events
from app.ops.commands_events import events as command
from jobs.run import DEATHS, run_row

pytestmark = pytest.mark.usefixtures("own_database")


class Rang(Event):
    """Somebody rang."""

    times: int = 1


class Knocked(Event):
    """Somebody knocked."""


@pytest.fixture(autouse=True)
async def emptied() -> AsyncIterator[None]:
    yield
    for key in (EVERYONE, *(shard.first for shard in all_shards())):
        async with writing(key) as db:
            await db.execute("DELETE FROM outbox")


async def a_row(key: int | str, event: Event | None = None, *, delay: float = 0, **columns: str) -> UUID:
    """An open row; `columns`: SQL for some of its columns."""
    async with writing(key) as db:
        id = await emit(event or Rang(), delay=delay)
        for name, value in columns.items():
            await db.execute(f"UPDATE outbox SET {name} = {value} WHERE id = $1", id)
    return id


async def test_open_late_and_dead_rows_of_every_database_are_counted_by_kind() -> None:
    await a_row(EVERYONE, Knocked())
    await a_row(1, available_at="now() - interval '5 min'")
    await a_row(1000, available_at="'infinity'", attempts="40", error="'out of tune'")
    await a_row(300, delay=3600)
    await a_row(300, done_at="now()")

    rang, knocked = await events.summary()

    assert (rang.kind, rang.open, rang.late, rang.dead) == ("Rang", 2, 1, 1)
    assert (rang.attempts, rang.error) == (40, "out of tune")
    assert rang.oldest and 290 < rang.oldest < 400
    assert (knocked.kind, knocked.open, knocked.late, knocked.dead) == ("Knocked", 1, 0, 0)


async def test_a_row_that_fails_and_waits_is_late_though_its_next_time_has_not_come() -> None:
    await a_row(5, delay=600, attempts="3", created_at="now() - interval '1 hour'")

    [rang] = await events.summary()

    assert (rang.late, events.age_of(rang.oldest)) == (1, "60 min")


async def test_dead_rows_are_listed_oldest_first_with_their_reason() -> None:
    young = await a_row(700, available_at="'infinity'", error="'still out of tune'")
    old = await a_row(
        EVERYONE, available_at="'infinity'", error="'out of tune'", created_at="now() - interval '4 days'"
    )

    letters = await events.dead()

    assert [(letter.id, letter.error) for letter in letters] == [(old, "out of tune"), (young, "still out of tune")]
    assert events.age_of(letters[0].age) == "4 d"


@pytest.mark.parametrize("key", [EVERYONE, 12])
async def test_one_dead_row_is_retried_by_its_id(key: int | str) -> None:
    id, other = [await a_row(key, available_at="'infinity'", attempts="99") for _ in range(2)]

    count = await events.retry(id=id)

    assert count == 1
    assert [letter.id for letter in await events.dead()] == [other]
    assert (await events.summary())[0].open == 1


async def test_all_dead_rows_of_a_kind_are_retried() -> None:
    for key in (EVERYONE, 1, 600):
        await a_row(key, available_at="'infinity'")
    await a_row(2, Knocked(), available_at="'infinity'")

    assert await events.retry(kind="Rang") == 3
    assert await events.retry() == 1
    assert await events.dead() == []


async def test_a_retried_row_has_its_tries_again() -> None:
    id = await a_row(4, available_at="'infinity'", created_at="now() - interval '9 days'", unfinished=str(DEATHS))
    await events.retry(id=id)

    done = await run_row({Rang: _fail}, 4, id)

    assert not done
    assert await events.dead() == []


async def test_an_id_that_is_not_dead_is_refused_in_words() -> None:
    id = await a_row(4)

    with pytest.raises(events.NoSuchEvent, match="events dead lists them"):
        await events.retry(id=id)


@pytest.mark.parametrize("words", [[], ["--all", "--kind", "Rang"]])
def test_retry_wants_to_know_exactly_which(words: list[str]) -> None:
    failed = CliRunner().invoke(command, ["retry", *words])

    assert isinstance(failed.exception, events.NoSuchEvent)


async def _fail(event: Rang, row: UUID) -> None:
    raise RuntimeError("out of tune")

"""What is still to be done, over the shared database and every shard: open, late and dead rows of the outboxes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from app.db.engines import EVERYONE, all_shards, reading, writing
from app.values import Refusal, seconds

LATE = 60.0  # seconds after which an open row is late
MOST_SHOWN = 100

DEAD = "available_at = 'infinity'"
# A row that waits for its first time is not late, however long ago it was written.
SUMMARY = f"""
    SELECT kind, count(*) FILTER (WHERE NOT {DEAD}) AS open, count(*) FILTER (WHERE {DEAD}) AS dead,
        count(*) FILTER (WHERE NOT {DEAD} AND due < clock_timestamp() - $1::interval) AS late,
        extract(epoch FROM clock_timestamp() - min(due) FILTER (WHERE NOT {DEAD} AND due < clock_timestamp()))::float8 AS oldest,
        max(attempts) AS attempts, (array_agg(error ORDER BY created_at DESC) FILTER (WHERE error IS NOT NULL))[1] AS error
    FROM (SELECT *, CASE WHEN attempts > 0 THEN created_at ELSE available_at END AS due
          FROM outbox WHERE done_at IS NULL) o
    WHERE $2::varchar IS NULL OR kind = $2 GROUP BY kind
"""  # noqa: S608 - our own condition
LETTERS = f"""
    SELECT id, kind, created_at, extract(epoch FROM clock_timestamp() - created_at)::float8 AS age, attempts, error, body
    FROM outbox WHERE done_at IS NULL AND {DEAD} AND ($1::varchar IS NULL OR kind = $1) ORDER BY created_at LIMIT $2
"""  # noqa: S608
RETRY = f"""
    UPDATE outbox SET available_at = clock_timestamp(), dispatched_at = NULL, attempts = 0{{more}}
    WHERE done_at IS NULL AND {DEAD} AND ($1::varchar IS NULL OR kind = $1) AND ($2::uuid IS NULL OR id = $2)
"""  # noqa: S608


class NoSuchEvent(Refusal):
    status = 2


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one kind that are not done. `late`: due for more than LATE seconds; `oldest`: seconds since the first was due."""

    kind: str
    open: int
    late: int
    dead: int
    oldest: float | None
    attempts: int
    error: str | None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A dead row: nobody tries it again until somebody says so. `age` in seconds."""

    id: UUID
    kind: str
    created_at: datetime
    age: float
    attempts: int
    error: str | None
    body: dict[str, object]


async def summary(kind: str | None = None) -> list[Kind]:
    """What is not done, by kind, over the shared database and every shard."""
    found: dict[str, Kind] = {}
    for key in _places():
        async with reading(key) as db:
            rows = await db.fetch(SUMMARY, seconds(LATE), kind)
        for row in rows:
            found[row["kind"]] = _together(found.get(row["kind"]), row)
    return sorted(found.values(), key=lambda each: (-each.dead, -each.late, each.kind))


def _places() -> tuple[int | str, ...]:
    return (EVERYONE, *(shard.first for shard in all_shards()))


def _together(one: Kind | None, row: asyncpg.Record) -> Kind:
    other = Kind(**row)
    if one is None:
        return other
    return Kind(
        kind=one.kind,
        open=one.open + other.open,
        late=one.late + other.late,
        dead=one.dead + other.dead,
        oldest=max((age for age in (one.oldest, other.oldest) if age is not None), default=None),
        attempts=max(one.attempts, other.attempts),
        error=one.error or other.error,
    )


async def dead(kind: str | None = None, most: int = MOST_SHOWN) -> list[Letter]:
    """At most so many dead rows, oldest first."""
    found: list[Letter] = []
    for key in _places():
        async with reading(key) as db:
            rows = await db.fetch(LETTERS, kind, most)
        found += [Letter(**row) for row in rows]
    return sorted(found, key=lambda letter: letter.created_at)[:most]


async def retry(*, kind: str | None = None, id: UUID | None = None) -> int:
    """Dead rows of this kind, or this one, or all of them, are due now, as if they had never failed. Returns how many."""
    count = 0
    for key in _places():
        async with writing(key) as db:
            count += await db.execute(RETRY.format(more="" if key == EVERYONE else ", unfinished = 0"), kind, id)
    if id and not count:
        raise NoSuchEvent(f"No dead event has the id {id}: ./vitrine events dead lists them.")
    return count


def age_of(age: float | None) -> str:
    """An age in the largest unit that says enough."""
    if age is None:
        return "-"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if age >= 2 * size:
            return f"{age / size:.0f} {unit}"
    return f"{age:.0f} s"

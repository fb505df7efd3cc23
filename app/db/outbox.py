"""Facts that must have consequences, written in the transaction that made them true."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from app.db.engines import CURRENT, EVERYONE, Database, NoShard
from app.values import any_bucket, new_id, seconds


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. Its class name is its kind; its fields are what handlers need, ids included."""


T = TypeVar("T", bound=Event)


async def emit(event: Event, *more: Event, delay: float = 0) -> UUID:
    """Writes an outbox row for each event in the current transaction, due in `delay` seconds. Returns the first row's id.

    Raises NoShard outside `writing`.
    """
    database = CURRENT.get()
    if database is None or not database.writes:
        raise NoShard("emit() belongs inside writing(key)")
    events = (event, *more)
    ids = [new_id(any_bucket() if database.scope == EVERYONE else database.bucket) for _ in events]
    await database.execute(
        "INSERT INTO outbox (id, kind, body, available_at)"
        " SELECT id, kind, body, clock_timestamp() + $4 FROM unnest($1::uuid[], $2::text[], $3::jsonb[]) AS e(id, kind, body)",
        ids,
        [type(each).__name__ for each in events],
        [msgspec.to_builtins(each) for each in events],
        seconds(delay),
    )
    return ids[0]


async def echo(db: Database, tags: Set[str], delays: Iterable[float]) -> None:
    """The relay purges these tags again after each of the delays (seconds).

    A page whose fetch was under way at the first purge may be stored after it. `db` writes to the shared database.
    """
    for delay in delays:
        await later(db, "echo", tags, delay)


async def changed(db: Database, table: str, *ids: UUID) -> None:
    """The relay purges what shows these rows, as if a trigger had noted them. `db` writes to the shared database."""
    await db.execute(
        "INSERT INTO outbox (id, kind, body) VALUES (gen_random_uuid(), 'changed', $1)",
        {"table": table, "rows": [{"id": str(id), "columns": [], "old": None, "new": None} for id in ids]},
    )


async def later(db: Database, kind: str, tags: Set[str], delay: float) -> None:
    """The relay purges these tags in `delay` seconds, as an `echo` or a `wave`."""
    await db.execute(
        "INSERT INTO outbox (id, kind, body, available_at) VALUES (gen_random_uuid(), $1, $2, clock_timestamp() + $3)",
        kind,
        {"tags": sorted(tags)},
        seconds(delay),
    )


def read_event(kind: type[T], body: Any) -> T:
    """The event a row's body holds. Raises msgspec.ValidationError for a body of another shape."""
    return msgspec.convert(body, kind, strict=False)

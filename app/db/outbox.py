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


async def emit(event: Event, *, delay: float = 0) -> UUID:
    """Writes one outbox row in the current transaction, due in `delay` seconds. Returns the row's id.

    Raises NoShard outside `writing`.
    """
    database = CURRENT.get()
    if database is None or not database.writes:
        raise NoShard("emit() belongs inside writing(key)")
    id = new_id(any_bucket() if database.scope == EVERYONE else database.bucket)
    await database.execute(
        "INSERT INTO outbox (id, kind, body, available_at) VALUES ($1, $2, $3, clock_timestamp() + $4)",
        id,
        type(event).__name__,
        msgspec.to_builtins(event),
        seconds(delay),
    )
    return id


async def echo(db: Database, tags: Set[str], delays: Iterable[float]) -> None:
    """The relay purges these tags again after each of the delays (seconds).

    A page whose fetch was under way at the first purge may be stored after it. `db` writes to the shared database.
    """
    for delay in delays:
        await later(db, "echo", tags, delay)


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

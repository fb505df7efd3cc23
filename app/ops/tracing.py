"""What became of the purges of one tag, from the commit to the last target."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import msgspec

from app.edge import tags
from app.ops.targets import Ask, check
from app.settings import Settings

# A purge of every kept object took what carries the tag too, at once or with one of the waves: which, depends on the page.
LAST = """
    SELECT p.*, (SELECT coalesce(jsonb_agg(jsonb_build_object('target', d.target, 'acked_at', d.acked_at, 'purged', d.purged,
        'attempts', d.attempts, 'error', d.error) ORDER BY d.target), '[]') FROM edge_delivery d WHERE d.purge_id = p.id) AS sent
    FROM edge_purge p WHERE p.tags ? $1 OR p.tags ? 'all'
        OR (p.kind <> 'echo' AND p.tags ?| $3::text[]) ORDER BY p.sent_at DESC LIMIT $2
"""
WAITING = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND kind = 'changed' AND available_at <= clock_timestamp()"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One target's part. `ms` after the purge was sent; None while it is open. `error` may also say how it was settled."""

    target: str
    ms: int | None
    purged: int | None
    attempts: int
    error: str | None


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """One purge. Times in milliseconds: `gate_ms` waited for replicas; `after_ms` from the first change to sending; `cleared_ms` to the end."""

    kind: str
    causes: list[dict[str, Any]]
    tags: int
    committed_at: datetime | None
    sent_at: datetime
    gate_ms: int
    after_ms: int | None
    cleared_ms: int | None
    targets: list[Delivery]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The last purges of a tag, newest first; `waiting` changes of any kind are not relayed yet."""

    tag: str
    waiting: int
    purges: list[Traced]


def trace(shop: Settings, tag: str, last: int) -> Trace:
    """The last purges that took `tag`. Raises NoTarget for what is no tag."""
    check(Ask(tag=(tag,)))
    return asyncio.run(_trace(shop, tag, last))


async def _trace(shop: Settings, tag: str, last: int) -> Trace:
    from app.db.engines import close_databases, open_databases

    await open_databases(msgspec.structs.replace(shop, replica_dsns=""))
    try:
        return await look(tag, last)
    finally:
        await close_databases()


async def look(tag: str, last: int) -> Trace:
    """The last purges that took `tag`, from the databases that are open."""
    from app.db.engines import EVERYONE, reading

    async with reading(EVERYONE) as db:
        rows = await db.fetch(LAST, tag, last, tags.waves())
        waiting = await db.fetchval(WAITING)
    return Trace(tag=tag, waiting=waiting, purges=[_traced(row) for row in rows])


def _traced(row: Any) -> Traced:
    began = row["committed_at"] or row["sent_at"]
    return Traced(
        kind=row["kind"],
        causes=row["causes"],
        tags=len(row["tags"]),
        committed_at=row["committed_at"],
        sent_at=row["sent_at"],
        gate_ms=row["gate_ms"],
        after_ms=_ms(began, row["sent_at"]) if row["committed_at"] else None,
        cleared_ms=_ms(began, row["cleared_at"]),
        targets=[_delivery(row["sent_at"], one) for one in row["sent"]],
    )


def _delivery(sent_at: datetime, one: dict[str, Any]) -> Delivery:
    acked_at = one.pop("acked_at")
    return Delivery(ms=_ms(sent_at, datetime.fromisoformat(acked_at) if acked_at else None), **one)


def _ms(began: datetime, ended: datetime | None) -> int | None:
    return None if ended is None else round((ended - began).total_seconds() * 1000)

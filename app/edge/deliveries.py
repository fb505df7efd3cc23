"""What was purged and who confirmed it: one row a purge, one row a target, in the shared database.

A target is a node's purge listener or the CDN. `db` is always the shared database inside `writing`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from app.edge.purge import CDN, Ack
from app.values import seconds


class Purge(msgspec.Struct, frozen=True, kw_only=True):
    """Tags that went out together. `kind`: change | echo | hand | wave; `sent_at` by the database's clock."""

    kind: str
    tags: Set[str]
    sent_at: datetime
    committed_at: datetime | None = None
    gate_ms: int = 0
    causes: Sequence[dict[str, Any]] = ()


async def record(
    db: Any, purge: Purge, acks: Sequence[Ack], *, owed: Collection[str] = (), cdn_after: float | None = None
) -> UUID:
    """Notes a purge, who confirmed it and who owes it: nodes that failed, nodes in `owed`, the CDN in `cdn_after` seconds."""
    id = uuid4()
    at = [purge.sent_at + seconds(ack.ms / 1000) if ack.error is None else None for ack in acks]
    whole = None not in at and not owed and cdn_after is None
    await db.execute(
        "INSERT INTO edge_purge (id, kind, tags, causes, committed_at, gate_ms, sent_at, cleared_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(id, purge.kind, sorted(purge.tags), list(purge.causes), purge.committed_at, purge.gate_ms, purge.sent_at),
        max(filter(None, at), default=purge.sent_at) if whole else None,
    )
    rows = [(ack.node, purge.sent_at, then, ack.count, 1, ack.error) for ack, then in zip(acks, at, strict=True)]
    rows += [(node, purge.sent_at, None, None, 0, None) for node in owed]
    if cdn_after is not None:
        rows.append((CDN, purge.sent_at + seconds(cdn_after), None, None, 0, None))
    await db.execute(
        "INSERT INTO edge_delivery (id, purge_id, target, due_at, acked_at, purged, attempts, error) "
        "SELECT gen_random_uuid(), $1, * FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::int[], "
        "$6::int[], $7::text[])",
        id,
        *columns(rows, 6),
    )
    await met(db, acks, owed)
    return id


async def met(db: Any, acks: Sequence[Ack], owed: Collection[str] = ()) -> None:
    """Nodes that the relay has enrolled are known by what they just said, or since when they owe something."""
    rows = [(ack.node, ack.name, ack.boot, ack.error is None) for ack in acks]
    rows += [(node, "", "", False) for node in owed]
    # Locked in one order, so nobody deadlocks.
    await db.execute("SELECT FROM edge_node WHERE url = ANY($1) ORDER BY url FOR UPDATE", [row[0] for row in rows])
    await db.execute(
        "UPDATE edge_node n SET name = coalesce(nullif(met.name, ''), n.name), "
        "boot = coalesce(nullif(met.boot, ''), n.boot), seen_at = CASE WHEN ok THEN clock_timestamp() ELSE n.seen_at END, "
        "behind_since = CASE WHEN ok THEN n.behind_since ELSE coalesce(n.behind_since, clock_timestamp()) END "
        "FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[]) AS met(url, name, boot, ok) WHERE n.url = met.url",
        *columns(rows, 4),
    )


async def acked(db: Any, target: str, purges: Sequence[UUID], *, count: int | None, note: str | None = None) -> None:
    """The target has confirmed these purges; one that nobody owes any more is cleared."""
    # Locked first: of two targets that confirm the last two deliveries at once, the later one sees the other.
    await db.execute("SELECT FROM edge_purge WHERE id = ANY($1) ORDER BY id FOR UPDATE", purges)
    await db.execute(
        "UPDATE edge_delivery SET acked_at = clock_timestamp(), purged = $3, error = $4, attempts = attempts + 1 "
        "WHERE target = $1 AND purge_id = ANY($2) AND acked_at IS NULL",
        target,
        purges,
        count,
        note,
    )
    await cleared(db, purges)


async def cleared(db: Any, purges: Sequence[UUID]) -> None:
    """Those of the purges that nobody owes any more say so."""
    await db.execute(
        "UPDATE edge_purge p SET cleared_at = clock_timestamp() WHERE id = ANY($1) AND cleared_at IS NULL "
        "AND NOT EXISTS (SELECT FROM edge_delivery d WHERE d.purge_id = p.id AND d.acked_at IS NULL)",
        purges,
    )


async def failed(db: Any, target: str, purges: Sequence[UUID], *, why: str, again: float) -> None:
    """The target still owes these purges and is asked again in `again` seconds."""
    await db.execute(
        "UPDATE edge_delivery SET attempts = attempts + 1, error = $3, due_at = clock_timestamp() + $4 "
        "WHERE target = $1 AND purge_id = ANY($2) AND acked_at IS NULL",
        target,
        purges,
        why[:300],
        seconds(again),
    )


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows as the columns that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]

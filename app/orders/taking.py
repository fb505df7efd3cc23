"""All that a shopper ordered, for them to take along: one statement for each shard, however many orders there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import all_shards, reading
from app.db.sharding import by_shard
from app.orders.own import FOUND
from app.orders.words import address_lines

MOST = 10_000
TAKEN = """
    SELECT o.id, o.number, o.status, o.email, o.name, o.address, o.note, o.total, o.currency, (
        SELECT json_agg(json_build_object('title', concat_ws(', ', l.title, nullif(l.variant_title, '')), 'quantity', l.quantity,
            'paid', l.line_total, 'text', l.personal_text) ORDER BY l.id) FROM order_line l WHERE l.order_id = o.id) AS lines
    FROM orders o WHERE o.id = ANY($1) AND o.status <> 'rejected' AND (o.shopper_id = $2
        OR EXISTS (SELECT FROM order_reader r WHERE r.order_id = o.id AND r.shopper_id = $2))
"""


class TakenLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many of a thing; `paid` for all of them, in minor units."""

    title: str
    quantity: int
    paid: int
    text: str = ""


class TakenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order; money in minor units."""

    number: str
    placed_at: datetime
    status: str
    email: str
    address: list[str]
    note: str
    lines: list[TakenLine]
    total: int
    currency: str


async def taken_along(shopper_id: UUID) -> list[TakenOrder]:
    """Every order that the shopper may read, newest first."""
    async with reading(shopper_id) as db:
        found = {row["id"]: row["at"] for row in await db.fetch(FOUND, shopper_id, None, None, MOST)}
    rows: dict[UUID, Any] = {}
    for bucket, ids in by_shard(found, all_shards()).items():
        async with reading(bucket) as db:
            rows |= {row["id"]: row for row in await db.fetch(TAKEN, ids, shopper_id)}
    return [_taken(rows[id], at) for id, at in found.items() if id in rows]


def _taken(row: Any, at: datetime) -> TakenOrder:
    return TakenOrder(
        number=row["number"],
        placed_at=at,
        status=row["status"],
        email=row["email"],
        address=address_lines(row["name"], row["address"]),
        note=row["note"],
        lines=msgspec.convert(row["lines"] or [], list[TakenLine]),
        total=row["total"],
        currency=row["currency"],
    )

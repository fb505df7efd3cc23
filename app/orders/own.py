"""What a shopper sees of all their orders together: those they placed, and those that they may read besides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import all_shards, reading
from app.db.sharding import by_shard
from app.orders import words

PER_PAGE = 20
CURSOR = re.compile(r"([0-9]{1,17})-([0-9a-f]{32})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOUND = """
    SELECT id, at FROM (
        SELECT id, created_at AS at FROM orders WHERE shopper_id = $1 AND status <> 'rejected'
        UNION ALL SELECT order_id, placed_at FROM order_known WHERE shopper_id = $1) o
    WHERE $2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid) ORDER BY at DESC, id DESC LIMIT $4
"""
READ = """
    SELECT id, number, status, total, currency FROM orders o WHERE id = ANY($1) AND status <> 'rejected' AND (shopper_id = $2
        OR EXISTS (SELECT FROM order_reader r WHERE r.order_id = o.id AND r.shopper_id = $2))
"""


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order in the list of a shopper's own. `cursor`: names its place in the list."""

    number: str
    url: str
    placed_at: datetime
    headline: str
    total: int
    currency: str
    cursor: str = ""


class AccountBitView(msgspec.Struct, frozen=True, kw_only=True):
    """What the header says of the visitor."""

    signed_in: bool


class OwnOrdersView(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders a shopper can find."""

    orders: int


async def orders_page(
    shopper_id: UUID, after: tuple[datetime, UUID] | None = None, most: int = PER_PAGE
) -> tuple[list[OrderRow], bool]:
    """The shopper's orders, newest first, that follow `after`; and whether there are more."""
    at, id = after or (None, None)
    async with reading(shopper_id) as db:
        found = await db.fetch(FOUND, shopper_id, at, id, most + 1)
    rows = await _read([row["id"] for row in found[:most]], shopper_id)
    shown = [_row(rows[row["id"]], row["at"]) for row in found[:most] if row["id"] in rows]
    return shown, len(found) > most


async def order_count(shopper_id: UUID) -> int:
    """How many orders the shopper can find; one that never came about is none."""
    async with reading(shopper_id) as db:
        return await db.fetchval(
            "SELECT (SELECT count(*) FROM orders WHERE shopper_id = $1 AND status <> 'rejected')"
            " + (SELECT count(*) FROM order_known WHERE shopper_id = $1)",
            shopper_id,
        )


def read_cursor(text: str) -> tuple[datetime, UUID] | None:
    """The place in the list that an address names; None for anything else."""
    found = CURSOR.fullmatch(text)
    return (EPOCH + timedelta(microseconds=int(found[1])), UUID(found[2])) if found else None


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """What a line of an order was of."""

    variant_id: UUID
    title: str
    quantity: int
    personal_text: str = ""


async def bought(order_id: UUID) -> list[Bought]:
    """The lines of an order, for who may read it."""
    async with reading(order_id) as db:
        rows = await db.fetch(
            "SELECT variant_id, concat_ws(', ', title, nullif(variant_title, '')) AS title, quantity, personal_text FROM order_line"
            " WHERE order_id = $1 ORDER BY id",
            order_id,
        )
    return [Bought(**row) for row in rows]


BOUGHT = """
    SELECT EXISTS (SELECT FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.status IN ('placed', 'closed')
        AND l.variant_id = ANY($2) AND l.quantity > l.cancelled AND (o.shopper_id = $1 OR o.id = ANY($3)
            AND EXISTS (SELECT FROM order_reader r WHERE r.order_id = o.id AND r.shopper_id = $1)))
"""


async def has_bought(shopper_id: UUID, variant_ids: Sequence[UUID]) -> bool:
    """Whether one of these variants is in a paid order that the shopper may read."""
    async with reading(shopper_id) as db:
        if await db.fetchval(BOUGHT, shopper_id, variant_ids, []):
            return True
        known = await db.fetch("SELECT order_id FROM order_known WHERE shopper_id = $1", shopper_id)
    for bucket, ids in by_shard([row["order_id"] for row in known], all_shards()).items():
        async with reading(bucket) as db:
            if await db.fetchval(BOUGHT, shopper_id, variant_ids, ids):
                return True
    return False


async def _read(ids: list[UUID], shopper_id: UUID) -> dict[UUID, Any]:
    """Orders by id, from the shards they were placed on; only those that the shopper may read."""
    rows: dict[UUID, Any] = {}
    for bucket, some in by_shard(ids, all_shards()).items():
        async with reading(bucket) as db:
            rows |= {row["id"]: row for row in await db.fetch(READ, some, shopper_id)}
    return rows


def _row(row: Any, at: datetime) -> OrderRow:
    return OrderRow(
        number=row["number"],
        url=f"/orders/{row['number']}",
        placed_at=at,
        headline=words.SHORT[row["status"]],
        total=row["total"],
        currency=row["currency"],
        cursor=f"{(at - EPOCH) // timedelta(microseconds=1)}-{row['id'].hex}",
    )

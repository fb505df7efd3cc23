"""All that a shopper ordered, for them to take along: one statement for each shard, however many orders there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, all_shards, reading
from app.db.sharding import by_shard
from app.orders.own import FOUND
from app.orders.words import address_lines

MOST = 10_000
TAKEN = """
    SELECT o.id, o.number, o.status, o.email, o.name, o.address, o.note, o.total, o.currency, (
        SELECT json_agg(json_build_object('title', concat_ws(', ', l.title, nullif(l.variant_title, '')), 'quantity', l.quantity,
            'paid', l.line_total, 'text', l.personal_text) ORDER BY l.id) FROM order_line l WHERE l.order_id = o.id) AS lines,
        (SELECT json_agg(json_build_object('at', f.created_at, 'status', f.status, 'amount', f.amount, 'reason', f.reason) ORDER BY f.created_at)
         FROM refund f WHERE f.order_id = o.id) AS refunds,
        (SELECT json_agg(json_build_object('at', b.at, 'status', b.status, 'reason', b.reason, 'lines', (
            SELECT json_agg(json_build_object('title', l.title, 'quantity', x.quantity) ORDER BY x.id)
            FROM return_line x JOIN order_line l ON l.id = x.order_line_id WHERE x.return_id = b.id)) ORDER BY b.at)
         FROM order_return b WHERE b.order_id = o.id) AS returns
    FROM orders o WHERE o.id = ANY($1) AND o.status <> 'rejected' AND (o.shopper_id = $2
        OR EXISTS (SELECT FROM order_reader r WHERE r.order_id = o.id AND r.shopper_id = $2))
"""

PAPERS = """
    SELECT order_id, 'invoice' AS kind, entity, number, total, issued_at FROM invoice WHERE order_id = ANY($1)
    UNION ALL SELECT order_id, 'credit note', entity, number, total, issued_at FROM credit_note WHERE order_id = ANY($1) ORDER BY issued_at
"""


class TakenLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many of a thing; `paid` for all of them, in minor units."""

    title: str
    quantity: int
    paid: int
    text: str = ""


class TakenRefund(msgspec.Struct, frozen=True, kw_only=True):
    """Money that went back, or was to."""

    at: datetime
    status: str
    amount: int
    reason: str


class SentBack(msgspec.Struct, frozen=True, kw_only=True):
    """So many of a thing on its way back."""

    title: str
    quantity: int


class TakenReturn(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent back, or was to be."""

    at: datetime
    status: str
    reason: str
    lines: list[SentBack] | None


class TakenPaper(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice or a credit note; `number` counts those of the `entity` that issued it."""

    kind: str
    entity: str
    number: int
    total: int
    issued_at: datetime


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
    refunds: list[TakenRefund]
    returns: list[TakenReturn]
    papers: list[TakenPaper]


async def taken_along(shopper_id: UUID) -> list[TakenOrder]:
    """Every order that the shopper may read, newest first."""
    async with reading(shopper_id) as db:
        found = {row["id"]: row["at"] for row in await db.fetch(FOUND, shopper_id, None, None, MOST)}
    rows: dict[UUID, Any] = {}
    for bucket, ids in by_shard(found, all_shards()).items():
        async with reading(bucket) as db:
            rows |= {row["id"]: row for row in await db.fetch(TAKEN, ids, shopper_id)}
    papers: dict[UUID, list[TakenPaper]] = {}
    async with reading(EVERYONE) as db:
        for row in await db.fetch(PAPERS, list(rows)):
            papers.setdefault(row["order_id"], []).append(msgspec.convert(dict(row), TakenPaper))
    return [_taken(rows[id], at, papers.get(id, [])) for id, at in found.items() if id in rows]


def _taken(row: Any, at: datetime, papers: list[TakenPaper]) -> TakenOrder:
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
        refunds=msgspec.convert(row["refunds"] or [], list[TakenRefund]),
        returns=msgspec.convert(row["returns"] or [], list[TakenReturn]),
        papers=papers,
    )

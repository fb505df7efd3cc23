from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.admin import rules
from app.admin.order_views import OrderRow, OrderView
from app.db.engines import EVERYONE, Database, all_shards, reading
from app.db.sharding import by_shard
from app.orders import queries as orders
from app.orders.queries import UNCHARGED
from app.payments import queries as payments
from app.values import read_bucket_mark

PER_PAGE = 50
STATES = {0: "held", 3: "pinned", 1: "claimed", 2: "released"}  # of a reservation, as app/inventory/stock.sql counts


ROWS = """
    SELECT order_id, number, email, name, total, currency, status, payment_status, fulfilment_status, placed_at
    FROM order_index
    WHERE ($1 = '' OR number = upper($1) OR email ILIKE $2 OR name ILIKE $2) AND ($3 = '' OR status = $3)
        AND ($4::timestamptz IS NULL OR (placed_at, order_id) < ($4, $5::uuid))
    ORDER BY placed_at DESC, order_id DESC LIMIT $6
"""

ORDER = f"SELECT *, {UNCHARGED} AS uncharged FROM orders o WHERE number = $1"  # noqa: S608 - our own words
LINES = """
    SELECT id, variant_id, sku, title, variant_title, personal_label, personal_text, promise, unit_price, quantity, shipped, cancelled, refunded, uncharged, line_discount, line_total
    FROM order_line WHERE order_id = $1 ORDER BY id
"""

ATTEMPTS = """
    SELECT number, status, amount, captured, currency, provider, reference, until, updated_at, frozen, dispute
    FROM payment_attempt WHERE order_id = $1 ORDER BY number
"""

DISCOUNTS = "SELECT promotion_id, title, code, amount, shipping FROM order_discount WHERE order_id = $1 ORDER BY id"

STEPS = "SELECT kind, note, at FROM order_event WHERE order_id = $1 ORDER BY at, id"


async def order_rows(
    q: str = "", status: str = "", *, after: tuple[datetime, UUID] | None = None, limit: int = PER_PAGE
) -> list[OrderRow]:
    """Orders, newest first, that follow `after`; one more than `limit` tells that there are others.

    `q`: a whole number, or part of an e-mail address or a name.
    """
    at, order_id = after or (None, None)
    async with reading(EVERYONE) as db:
        rows = await db.fetch(ROWS, q, rules.like(q), status, at, order_id, limit + 1)
    return [msgspec.convert(dict(row), OrderRow) for row in rows]


async def admin_order_view(number: str) -> OrderView | None:
    """The order with this number, from the shard that its first two characters name, or None."""
    bucket = read_bucket_mark(number)
    if bucket is None or not (number.isalnum() and number.isascii()):
        return None
    async with reading(bucket) as db:
        row = await db.fetchrow(ORDER, number)
        found = await _parts(db, row["id"]) if row else {}
    if row is None:
        return None
    kept = await _reservations(row["id"], (line["variant_id"] for line in found["lines"]))
    lines = [line | kept.get(line["variant_id"], {}) for line in found["lines"]]
    papers = await orders.papers_of(row["id"], row["payment_status"])
    return msgspec.convert(dict(row) | found | {"lines": lines, "papers": papers}, OrderView)


async def order_id_of(number: str) -> UUID | None:
    """The id of the order with this number, on the same terms."""
    bucket = read_bucket_mark(number)
    if bucket is None or not (number.isalnum() and number.isascii()):
        return None
    async with reading(bucket) as db:
        return await db.fetchval("SELECT id FROM orders WHERE number = $1", number)


async def _parts(db: Database, order_id: UUID) -> dict[str, Any]:
    asked = {"lines": LINES, "attempts": ATTEMPTS, "steps": STEPS, "discounts": DISCOUNTS}
    rows = {name: [dict(row) for row in await db.fetch(sql, order_id)] for name, sql in asked.items()}
    refunds = await payments.refunds_of(db, order_id)
    return rows | {
        "parcels": await orders.parcels_of(db, order_id),
        "refunds": refunds,
        "returns": await orders.returns_of(db, order_id),
    }


async def _reservations(order_id: UUID, variant_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The order's reservations by variant: they lie with the stock, on the variants' shards."""
    found: dict[UUID, dict[str, Any]] = {}
    for bucket, ids in by_shard(variant_ids, all_shards()).items():
        async with reading(bucket) as db:
            rows = await db.fetch(
                "SELECT variant_id, state, expires_at FROM reservation WHERE order_id = $1 AND variant_id = ANY($2)",
                order_id,
                ids,
            )
        found |= {
            row["variant_id"]: {"reservation": STATES[row["state"]], "expires_at": row["expires_at"]} for row in rows
        }
    return found

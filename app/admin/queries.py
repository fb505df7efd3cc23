from __future__ import annotations

from datetime import datetime

import msgspec

from app.admin.checkups import Checkup, last_checkup
from app.admin.order_queries import OrderRow, order_rows
from app.db.engines import EVERYONE, Database, all_shards, reading
from app.values import ZONE, now

LATEST = 8


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """Work noted and not done. `oldest`: seconds the oldest has waited. `dead`: given up on; a person must look."""

    waiting: int
    oldest: float | None
    dead: int


class DashboardView(msgspec.Struct, frozen=True, kw_only=True):
    """The first page: how the shop is doing right now. `reviews`: how many wait for a decision. `today` began at midnight in the store's zone."""

    products: dict[str, int]
    reviews: int
    placed: int
    started: int
    takings: list[tuple[int, str]]
    edge: Backlog
    work: Backlog
    latest: list[OrderRow]
    checkup: Checkup | None = None


TODAY = """
    SELECT currency, count(*) AS started, count(*) FILTER (WHERE status IN ('placed', 'closed')) AS placed,
        coalesce(sum(total) FILTER (WHERE status IN ('placed', 'closed')), 0)::bigint AS takings
    FROM order_index WHERE placed_at >= $1 GROUP BY currency ORDER BY currency
"""

# What is due, and what is tried again; not what is meant for later, such as the echo of a purge. Dead is due at infinity.
BACKLOG = """
    SELECT count(*) FILTER (WHERE alive) AS waiting, count(*) FILTER (WHERE available_at = 'infinity') AS dead,
        extract(epoch FROM max(clock_timestamp() - CASE attempts WHEN 0 THEN available_at ELSE created_at END)
            FILTER (WHERE alive))::float8 AS oldest
    FROM (SELECT *, available_at <> 'infinity' AND (available_at <= clock_timestamp() OR attempts > 0) AS alive
        FROM outbox WHERE done_at IS NULL) open
"""


async def dashboard_view() -> DashboardView:
    """Six statements on the shared database, one on each shard."""
    async with reading(EVERYONE) as db:
        products = await db.fetch("SELECT status, count(*) AS many FROM product GROUP BY status")
        today = await db.fetch(TODAY, _midnight())
        reviews = await db.fetchval("SELECT count(*) FROM review WHERE state = 'pending'")
        edge = await _backlog(db)
        latest = await order_rows(limit=LATEST)
        checkup = await last_checkup()
    return DashboardView(
        products={row["status"]: row["many"] for row in products},
        reviews=reviews,
        placed=sum(row["placed"] for row in today),
        started=sum(row["started"] for row in today),
        takings=[(row["takings"], row["currency"]) for row in today if row["placed"]],
        edge=edge,
        work=_together([await _backlog_of(shard.first) for shard in all_shards()]),
        latest=latest[:LATEST],
        checkup=checkup,
    )


async def _backlog_of(bucket: int) -> Backlog:
    async with reading(bucket) as db:
        return await _backlog(db)


async def _backlog(db: Database) -> Backlog:
    row = await db.fetchrow(BACKLOG)
    return msgspec.convert(dict(row or {}), Backlog)


def _together(backlogs: list[Backlog]) -> Backlog:
    return Backlog(
        waiting=sum(each.waiting for each in backlogs),
        oldest=max((each.oldest for each in backlogs if each.oldest), default=None),
        dead=sum(each.dead for each in backlogs),
    )


def _midnight() -> datetime:
    return now().astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)

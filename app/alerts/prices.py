"""Alerts of lower prices: what waits is compared with the prices in force, whoever or whatever changed them: staff, psql, or the clock."""

from __future__ import annotations

from uuid import UUID

from app.alerts.events import SendAlert
from app.alerts.queries import BUYABLE
from app.catalog import queries as catalog
from app.db.engines import reading, writing
from app.db.outbox import emit

BATCH = 200  # variants looked at together

NEXT = """
    SELECT DISTINCT variant_id FROM stock_alert
    WHERE kind = 'price' AND confirmed_at IS NOT NULL AND told_at IS NULL AND ($1::uuid IS NULL OR variant_id > $1)
    ORDER BY variant_id LIMIT $2
"""
TOLD = """
    UPDATE stock_alert SET told_at = clock_timestamp() WHERE id IN (
        SELECT a.id FROM unnest($1::uuid[], $2::bigint[]) costs(variant_id, price) JOIN stock_alert a USING (variant_id)
        WHERE a.kind = 'price' AND a.confirmed_at IS NOT NULL AND a.told_at IS NULL AND costs.price < a.price_seen
        FOR UPDATE OF a SKIP LOCKED)
    RETURNING id
"""


async def sweep_prices(bucket: int) -> int:
    """Each who waits, on this bucket's shard, for what costs less now than they saw gets their mail. Emits SendAlert."""
    told, after = 0, None
    while variants := await _waiting(bucket, after):
        costs = await _costs(variants)
        told += await _tell(bucket, costs) if costs else 0
        after = variants[-1]
    return told


async def _waiting(bucket: int, after: UUID | None) -> list[UUID]:
    async with reading(bucket) as db:
        return [row["variant_id"] for row in await db.fetch(NEXT, after, BATCH)]


async def _costs(variants: list[UUID]) -> dict[UUID, int]:
    """Variant -> what one of it costs now; without what cannot be bought."""
    offers = await catalog.sellables(variants)
    return {id: each.unit_price for id, each in offers.items() if each.available and each.band in BUYABLE}


async def _tell(bucket: int, costs: dict[UUID, int]) -> int:
    async with writing(bucket) as db:
        ids = [row["id"] for row in await db.fetch(TOLD, list(costs), list(costs.values()))]
        if ids:
            first, *more = (SendAlert(alert_id=id) for id in ids)
            await emit(first, *more)
    return len(ids)

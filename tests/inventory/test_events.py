from __future__ import annotations

from datetime import date

from app.db.engines import reading
from app.db.outbox import read_event
from app.inventory import operations
from app.inventory.events import StockBandChanged
from app.values import any_bucket, new_id


async def test_the_body_written_by_sql_is_the_event_python_reads(databases):
    variant_id = new_id(any_bucket())

    await operations.open_stock(variant_id, 0, operations.Terms(policy="preorder", back_on=date(2027, 3, 1)))

    [event] = await band_events(variant_id)
    assert event == StockBandChanged(variant_id=variant_id, band="later", back_on=date(2027, 3, 1), version=1)


async def band_events(variant_id) -> list[StockBandChanged]:
    """What the outbox tells of a variant's band, oldest first."""
    async with reading(variant_id) as db:
        rows = await db.fetch(
            "SELECT id, body FROM outbox WHERE kind = 'StockBandChanged' AND body->>'variant_id' = $1"
            " ORDER BY (body->>'version')::int",
            str(variant_id),
        )
    return [read_event(StockBandChanged, row["body"]) for row in rows]

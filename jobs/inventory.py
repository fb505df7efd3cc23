from __future__ import annotations

from uuid import UUID

from app.inventory import operations
from app.inventory.events import StockBandChanged


async def project_band(event: StockBandChanged, row_id: UUID) -> None:
    """Tells the shared database what pages may say of a variant's stock."""
    await operations.project_band(event)

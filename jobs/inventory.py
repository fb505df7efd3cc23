from __future__ import annotations

from uuid import UUID

from app.alerts import operations as alerts
from app.inventory import operations
from app.inventory.events import StockBandChanged


async def project_band(event: StockBandChanged, row_id: UUID) -> None:
    """Tells the shared database what pages may say of a variant's stock; then whoever waits for it is looked for."""
    await operations.project_band(event)
    await alerts.look_for(event.variant_id, event.band)

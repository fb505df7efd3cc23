from __future__ import annotations

from datetime import date
from uuid import UUID

from app.db.outbox import Event


class StockBandChanged(Event, frozen=True, kw_only=True):
    """Pages must say something else of a variant's stock. `stock.sql` writes it; a higher `version` is newer."""

    variant_id: UUID
    band: str
    back_on: date | None
    version: int

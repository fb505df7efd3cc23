from __future__ import annotations

from uuid import UUID

from app.db.outbox import Event


class ShopperChanged(Event, frozen=True, kw_only=True):
    """What the kept holes of a shopper show has changed in the current transaction; they are purged."""

    shopper_id: UUID

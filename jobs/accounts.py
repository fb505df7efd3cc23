from __future__ import annotations

from uuid import UUID

from app.accounts import operations as accounts
from app.accounts.events import ShopperChanged


async def forget_holes(event: ShopperChanged, row_id: UUID) -> None:
    """The edge forgets the shopper's kept holes. Twice is once more."""
    await accounts.forget_holes(event.shopper_id)

from __future__ import annotations

from uuid import UUID

from app.db.engines import EVERYONE, reading


async def is_first(shopper_id: UUID, email: str) -> bool:
    """Whether nothing was ever ordered by this shopper, nor, as far as staff can see, for this e-mail address."""
    ordered = "SELECT NOT EXISTS (SELECT FROM {} AND status IN ('placed', 'closed'))"
    async with reading(shopper_id) as db:
        if not await db.fetchval(ordered.format("orders WHERE shopper_id = $1"), shopper_id):
            return False
    async with reading(EVERYONE) as db:
        return await db.fetchval(ordered.format("order_index WHERE lower(email) = lower($1)"), email.strip())

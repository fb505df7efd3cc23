from __future__ import annotations

from uuid import UUID

import msgspec

from app.db.engines import reading


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A live session: whose it is, and the private version the database holds."""

    shopper_id: UUID
    pv: str


async def session_of(token_hash: bytes, bucket: int) -> SessionView | None:
    """The session with this token's hash, or None when there is none or it has expired."""
    async with reading(bucket) as db:
        row = await db.fetchrow(
            "SELECT shopper_id, pv FROM session WHERE token_hash = $1 AND expires_at > now()", token_hash
        )
    return SessionView(shopper_id=row["shopper_id"], pv=row["pv"]) if row else None

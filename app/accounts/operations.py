from __future__ import annotations

from uuid import UUID

import msgspec

from app.accounts.tables import Shopper
from app.db import outbox
from app.db.engines import CURRENT, EVERYONE, writing
from app.values import any_bucket, bucket_of, new_id, now, seconds
from app.web.visitor import LASTS, new_pv, new_token, token_hash


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """A shopper who has just become one. `token` goes into the cookie and is stored nowhere."""

    shopper_id: UUID
    token: str
    pv: str


async def open_session() -> NewSession:
    """A shopper in a random bucket with a session that lasts 90 days: made by the first action that needs one."""
    shopper_id = new_id(any_bucket())
    bucket = bucket_of(shopper_id)
    token, pv = new_token(bucket), new_pv()
    async with writing(shopper_id) as db:
        await Shopper.insert(Shopper(id=shopper_id, created_at=now()))
        await db.execute(
            "INSERT INTO session (id, token_hash, shopper_id, pv, created_at, seen_at, expires_at)"
            " VALUES ($1, $2, $3, $4, now(), now(), now() + $5::interval)",
            new_id(bucket), token_hash(token), shopper_id, pv, seconds(LASTS),
        )  # fmt: skip
    return NewSession(shopper_id=shopper_id, token=token, pv=pv)


async def renew_pv(shopper_id: UUID) -> str:
    """Gives the shopper's sessions a new private version, in the current transaction: what was kept for the old one is out of reach."""
    pv = new_pv()
    database = CURRENT.get()
    assert database is not None and database.writes, "renew_pv belongs inside writing(shopper_id)"
    await database.execute("UPDATE session SET pv = $2, seen_at = now() WHERE shopper_id = $1", shopper_id, pv)
    return pv


async def forget_holes(shopper_id: UUID) -> None:
    """The relay's next round purges the shopper's kept holes, and again later, like everything that changed.

    Shoppers live on shards, where the rounds don't look: a row in the shared database says it there.
    """
    async with writing(EVERYONE) as db:
        await outbox.changed(db, "shopper", shopper_id)

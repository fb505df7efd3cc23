"""Who of the staff changed what: noted in the transaction that changed it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Database, writing

Did = Literal["created", "changed", "deleted"]
SHOWN = 5


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    by: str
    did: Did


async def note_edit(db: Database, *, by: str, what: str, which: UUID, did: Did, title: str) -> None:
    """`by` did this, in the caller's transaction of the shared database."""
    sql = "INSERT INTO edit (by, what, which, did, title) VALUES ($1, $2, $3, $4, $5)"
    await db.execute(sql, by[:254], what, which, did, title[:300])


async def edits_of(which: UUID) -> list[Edit]:
    """The latest edits of one thing, the last first."""
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet who saved a moment ago
        rows = await db.fetch(
            "SELECT at, by, did FROM edit WHERE which = $1 ORDER BY at DESC, id LIMIT $2", which, SHOWN
        )
    return [msgspec.convert(dict(row), Edit) for row in rows]

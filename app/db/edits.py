"""Who of the staff changed what: noted in the transaction that changed it, or before what is done in another database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Database, writing
from app.values import Refusal

Did = Literal["created", "changed", "deleted"]
SHOWN = 5
LONGEST = 200  # characters of a value, and
MOST = 60  # values of one edit: it is to be read
NOTE = "INSERT INTO edit (by, what, which, did, title, changes) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a field, by its name in the form, held before and after."""

    field: str
    before: str
    after: str


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    by: str
    did: Did


async def note_edit(
    db: Database, *, by: str, what: str, which: UUID, did: Did, title: str, changes: Iterable[Change] = ()
) -> UUID:
    """`by` did this, in the caller's transaction of the shared database. Returns the note's id."""
    told = [(each.field[:LONGEST], each.before[:LONGEST], each.after[:LONGEST]) for each in changes][:MOST]
    return await db.fetchval(NOTE, by[:254], what, which, did, title[:300], told)


@asynccontextmanager
async def noted_first(
    *, by: str, what: str, which: UUID, did: Did, title: str, changes: Iterable[Change] = ()
) -> AsyncIterator[None]:
    """For what happens outside the shared database: it is noted before, so that a crash leaves nothing done and not noted.

    A refusal inside takes the note back, unless something was done before it; after anything else it stays, as nobody knows what was done.
    """
    async with writing(EVERYONE) as db:
        id = await note_edit(db, by=by, what=what, which=which, did=did, title=title, changes=changes)
    try:
        yield
    except Refusal as no:
        if not no.half_done:
            async with writing(EVERYONE) as db:
                await db.execute("DELETE FROM edit WHERE id = $1", id)
        raise


async def edits_of(which: UUID) -> list[Edit]:
    """The latest edits of one thing, the last first."""
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet who saved a moment ago
        rows = await db.fetch(
            "SELECT at, by, did FROM edit WHERE which = $1 ORDER BY at DESC, id LIMIT $2", which, SHOWN
        )
    return [msgspec.convert(dict(row), Edit) for row in rows]

"""What staff note about somebody with an account: for staff, never shown in the shop."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import writing
from app.values import Refusal

LONGEST_NOTE = 2000


class NoteChanged(Refusal):
    say = "Somebody else changed this note after you opened it. It is below yours; save again to keep yours."


class LongNote(Refusal):
    say = f"A note has at most {LONGEST_NOTE:,} characters."
    status = 422


async def change_note(account_id: UUID, note: str, *, version: int) -> None:
    """The note says this. Raises NoteChanged when `version` is not the one that is there, LongNote."""
    if len(note) > LONGEST_NOTE:
        raise LongNote
    sql = "UPDATE account SET note = $2, version = version + 1 WHERE id = $1 AND version = $3"
    async with writing(account_id) as db:
        if not await db.execute(sql, account_id, note, version):
            raise NoteChanged

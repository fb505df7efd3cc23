from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.db.edits import Change, Did, note_edit
from app.db.engines import EVERYONE, Database, writing
from app.search import rules
from app.values import Refusal, any_bucket, new_id


class EditedMeanwhile(Refusal):
    say = "Somebody else saved this group after you opened it. Look at what it holds now, then save yours again."


class TooManySynonyms(Refusal):
    say = f"There are {rules.MOST_GROUPS:,} groups of synonyms already: remove one first."
    status = 422


async def add_synonym(kind: str, terms: Sequence[str], means: Sequence[str], *, by: str) -> UUID:
    """A group more; `rules.group_of` has judged it. Returns its id. Raises TooManySynonyms."""
    id = new_id(any_bucket())
    async with writing(EVERYONE) as db:
        added = await db.execute(
            "INSERT INTO synonym (id, kind, terms, means) SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM synonym) < $5",
            id, kind, list(terms), list(means), rules.MOST_GROUPS,
        )  # fmt: skip
        if not added:
            raise TooManySynonyms
        await _note(db, id, "created", by, after=_words(terms, means))
    return id


async def change_synonym(
    id: UUID, *, version: int, kind: str, terms: Sequence[str], means: Sequence[str], by: str
) -> None:
    """The group holds this now. Raises EditedMeanwhile when its version is another than the one read, or it is gone."""
    async with writing(EVERYONE) as db:
        before = await db.fetchrow("SELECT terms, means FROM synonym WHERE id = $1 FOR UPDATE", id)
        changed = await db.execute(
            "UPDATE synonym SET kind = $3, terms = $4, means = $5, version = version + 1, updated_at = now() WHERE id = $1 AND version = $2",
            id, version, kind, list(terms), list(means),
        )  # fmt: skip
        if not changed or before is None:
            raise EditedMeanwhile
        await _note(db, id, "changed", by, before=_words(**before), after=_words(terms, means))


async def remove_synonym(id: UUID, *, version: int, by: str) -> None:
    """The group is gone; harmless when it was. Raises EditedMeanwhile for another version than the one read."""
    async with writing(EVERYONE) as db:
        sql = "DELETE FROM synonym WHERE id = $1 AND version = $2 RETURNING terms, means"
        removed = await db.fetchrow(sql, id, version)
        if removed:
            await _note(db, id, "deleted", by, before=_words(**removed))
        elif await db.fetchval("SELECT EXISTS (SELECT FROM synonym WHERE id = $1)", id):
            raise EditedMeanwhile


def _words(terms: Sequence[str], means: Sequence[str]) -> str:
    return ", ".join(terms) + (f" → {', '.join(means)}" if means else "")


async def _note(db: Database, id: UUID, did: Did, by: str, *, before: str = "", after: str = "") -> None:
    changes = [Change(field="Words", before=before, after=after)] if before and after else []
    await note_edit(db, by=by, what="synonym", which=id, did=did, title=after or before, changes=changes)


async def catch_up() -> bool:
    """Search knows up to 500 more products of a big change. False when none were left to be read."""
    async with writing(EVERYONE) as db:
        return await db.fetchval("SELECT search_catch_up()")

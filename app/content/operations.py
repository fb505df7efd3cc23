"""What merchandisers do to the sections of the home page. Triggers note which pages must go."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec

from app.content.rules import KINDS, MOST_TILES, Body, faults_of
from app.db.edits import Did, note_edit
from app.db.engines import EVERYONE, Database, writing
from app.values import Refusal, any_bucket, new_id

__all__ = [
    "KINDS", "MARK", "MOST_TILES", "PAGE", "PAGE_MARK", "BadSection", "Body", "Does", "NoSuchSection", "PageChanged", "SectionChanged",
    "delete_section", "faults_of", "follow_collection", "place_section", "save_section",
]  # fmt: skip

PAGE = "home"
Does = Literal["up", "down", "show", "hide"]


class SectionChanged(Refusal):
    say = "Somebody else saved this section after you opened it. Look at their changes, then save yours again."


class PageChanged(Refusal):
    say = "Somebody else changed the page after you opened it. This is how it is now; nothing of yours was done."


class NoSuchSection(Refusal):
    say = "This section does not exist any more."
    status = 404


class BadSection(Refusal):
    say = "This is no whole section yet."
    status = 422


FOLLOW = """
    UPDATE block SET body = body || jsonb_build_object('collection', $2::text) WHERE body->>'collection' = $1
"""
SAVE = """
    INSERT INTO block (id, page, position, kind, body, published)
    VALUES ($1, $2::varchar, (SELECT coalesce(max(position) + 1, 0) FROM block WHERE page = $2::varchar), $3, $4, false)
    ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body
"""
ORDER = """
    UPDATE block b SET position = w.at - 1 FROM unnest($1::uuid[]) WITH ORDINALITY w(id, at)
    WHERE b.id = w.id AND b.position <> w.at - 1
"""
MARK = "md5(b.kind || b.body::text)"  # of one section; where it stands and whether it shows is the page's
PAGE_MARK = "md5(string_agg(b.id::text || b.published, '|' ORDER BY b.position, b.id))"


async def follow_collection(old: str, new: str) -> None:
    """Sections that show the collection at an old address show it at the new one."""
    async with writing(EVERYONE) as db:
        await db.execute(FOLLOW, old, new)


async def save_section(section_id: UUID | None, kind: str, body: Body, *, mark: str, by: str) -> UUID:
    """The section says this; a new one stands last, unpublished. Returns its id. Raises SectionChanged, NoSuchSection, BadSection."""
    if kind not in KINDS or faults_of(kind, body):
        raise BadSection
    id = section_id or new_id(any_bucket())
    async with writing(EVERYONE) as db:
        if section_id:
            await _lock(db, section_id, mark)
        await db.execute(SAVE, id, PAGE, kind, msgspec.to_builtins(body))
        await _note(db, id, "changed" if section_id else "created", body.title or KINDS[kind], by)
    return id


async def delete_section(section_id: UUID, *, mark: str, by: str) -> None:
    """It is gone. Raises SectionChanged, NoSuchSection."""
    async with writing(EVERYONE) as db:
        await _lock(db, section_id, mark)
        title = await db.fetchval(
            "DELETE FROM block WHERE id = $1 RETURNING coalesce(body->>'title', kind)", section_id
        )
        await _note(db, section_id, "deleted", title, by)


async def place_section(section_id: UUID, does: Does, *, mark: str, by: str) -> None:
    """It moves one place up or down, or shoppers see it or don't. `mark`: of the page that was read. Raises PageChanged, NoSuchSection."""
    async with writing(EVERYONE) as db:
        rows = await db.fetch("SELECT id FROM block WHERE page = $1 ORDER BY position, id FOR UPDATE", PAGE)
        if mark != await db.fetchval(f"SELECT {PAGE_MARK} FROM block b WHERE b.page = $1", PAGE):  # noqa: S608 - ours
            raise PageChanged
        ids = [row["id"] for row in rows]
        if section_id not in ids:
            raise NoSuchSection
        if does in ("show", "hide"):
            sql = "UPDATE block SET published = $2 WHERE id = $1 AND published <> $2"
            await db.execute(sql, section_id, does == "show")
        else:
            at = ids.index(section_id)
            ids.insert(max(0, at - 1) if does == "up" else at + 1, ids.pop(at))
            await db.execute(ORDER, ids)
        await _note(
            db, section_id, "changed", {"show": "published", "hide": "unpublished"}.get(does, f"moved {does}"), by
        )


async def _lock(db: Database, section_id: UUID, mark: str) -> None:
    sql = f"SELECT {MARK} FROM block b WHERE b.id = $1 AND b.page = $2 FOR UPDATE"  # noqa: S608 - ours
    present = await db.fetchval(sql, section_id, PAGE)
    if present is None:
        raise NoSuchSection
    if present != mark:
        raise SectionChanged


async def _note(db: Database, id: UUID, did: Did, title: str, by: str) -> None:
    await note_edit(db, by=by, what="block", which=id, did=did, title=title)

"""Redirects by hand, beside those that a rename leaves by itself."""

from __future__ import annotations

import re
from uuid import UUID

from app.db.edits import Did, note_edit
from app.db.engines import EVERYONE, Database, writing
from app.values import Refusal, any_bucket, new_id

ADDRESS = re.compile(r"/[cp]/[a-z0-9]+(?:[-/][a-z0-9]+)*")
LONGEST = 300

# Products on sale, categories and collections have pages; what is no longer sold may lead somewhere better.
HAS_PAGE = """
    SELECT $1 = '/' OR EXISTS (SELECT FROM product WHERE '/p/' || slug = $1 AND status = 'published')
        OR EXISTS (SELECT FROM category WHERE '/c/' || path = $1) OR EXISTS (SELECT FROM collection WHERE '/c/' || slug = $1)
"""
# What led to the old address leads to the new one: no chains.
FOLLOW = "UPDATE redirect SET new_path = $2 WHERE new_path = $1"
ADD = "INSERT INTO redirect (id, old_path, new_path) VALUES ($1, $2, $3) ON CONFLICT (old_path) DO NOTHING"


class BadRedirect(Refusal):
    """`field`: which of the two addresses is wrong, old | new."""

    field = "old"
    status = 422


class BadOldAddress(BadRedirect):
    say = "An address here begins with /p/ or /c/ and goes on in lower-case letters, digits, hyphens and slashes."


class BadNewAddress(BadOldAddress):
    field = "new"


class HasPage(BadRedirect):
    say = "There is a page at this address. It would be shown, not the redirect."


class NoPageThere(BadRedirect):
    say = "There is no page at this address to lead to."
    field = "new"


class Loop(BadRedirect):
    say = "This address leads on itself, so shoppers would go from one to the next. Lead to where it ends."
    field = "new"


class LeadsAlready(BadRedirect):
    say = "This address leads somewhere already. Delete that first."


class NoSuchRedirect(Refusal):
    say = "This redirect does not exist any more."
    status = 404


async def add_redirect(old_path: str, new_path: str, *, by: str) -> UUID:
    """Who asks for the old address is led to the new one. Raises BadRedirect."""
    if not _is_address(old_path):
        raise BadOldAddress
    if new_path != "/" and not _is_address(new_path):
        raise BadNewAddress
    id = new_id(any_bucket())
    async with writing(EVERYONE) as db:
        # Two at once could each be fine and lead in a circle together.
        await db.execute("LOCK TABLE redirect IN SHARE ROW EXCLUSIVE MODE")
        await _judge(db, old_path, new_path)
        await db.execute(FOLLOW, old_path, new_path)
        if not await db.execute(ADD, id, old_path, new_path):
            raise LeadsAlready
        await _note(db, id, "created", f"{old_path} → {new_path}", by)
    return id


async def remove_redirect(redirect_id: UUID, *, by: str) -> None:
    """The old address leads nowhere. Raises NoSuchRedirect."""
    async with writing(EVERYONE) as db:
        sql = "DELETE FROM redirect WHERE id = $1 RETURNING old_path || ' → ' || new_path"
        title = await db.fetchval(sql, redirect_id)
        if title is None:
            raise NoSuchRedirect
        await _note(db, redirect_id, "deleted", title, by)


def _is_address(path: str) -> bool:
    return len(path) <= LONGEST and ADDRESS.fullmatch(path) is not None


async def _judge(db: Database, old_path: str, new_path: str) -> None:
    if new_path == old_path or await db.fetchval("SELECT EXISTS (SELECT FROM redirect WHERE old_path = $1)", new_path):
        raise Loop
    if await db.fetchval(HAS_PAGE, old_path):
        raise HasPage
    if not await db.fetchval(HAS_PAGE, new_path):
        raise NoPageThere


async def _note(db: Database, id: UUID, did: Did, title: str, by: str) -> None:
    await note_edit(db, by=by, what="redirect", which=id, did=did, title=title)

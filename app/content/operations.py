"""What merchandisers do to the sections of the home page."""

from __future__ import annotations

from app.db.engines import EVERYONE, writing

FOLLOW = """
    UPDATE block SET body = body || jsonb_build_object('collection', $2::text) WHERE body->>'collection' = $1
"""


async def follow_collection(old: str, new: str) -> None:
    """Sections that show the collection at an old address show it at the new one. Triggers note which pages must go."""
    async with writing(EVERYONE) as db:
        await db.execute(FOLLOW, old, new)

"""What only the databases know of an address: names behind its tags, and the last purge of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from app.ops.explaining import Purged
from app.ops.targets import Ask, NoTarget, Tags, tags_of
from app.settings import Settings

LAST = """
SELECT kind, tags, sent_at, extract(epoch FROM now() - sent_at)::float8 AS ago,
       extract(epoch FROM cleared_at - coalesce(committed_at, sent_at))::float8 AS confirmed
FROM edge_purge WHERE tags ?| $1::text[] AND kind <> 'echo' ORDER BY sent_at DESC LIMIT 1
"""


async def more(shop: Settings, url: str, carried: Sequence[str]) -> tuple[Tags, Purged | None]:
    """Words for tags, and the last purge; nothing when the databases do not answer."""
    from app.db.engines import OUTAGES, Busy, close_databases, open_databases

    if not shop.shared_dsn:
        return {}, None
    try:
        await open_databases(shop)
        try:
            return await names(shop, url), await last_purge(carried)
        finally:
            await close_databases()
    except (Busy, *OUTAGES):
        return {}, None


async def names(shop: Settings, url: str) -> Tags:
    """Tags that an address stands for, in words."""
    path = url if url.startswith("/") else url.partition("//")[2].partition("/")[2]
    try:
        return await tags_of(shop, Ask(url="/" + unquote(path.partition("?")[0]).strip("/")))
    except NoTarget:
        return {}


async def last_purge(carried: Sequence[str]) -> Purged | None:
    """The last purge that named one of these tags; its echoes do not count."""
    from app.db.engines import EVERYONE, reading

    async with reading(EVERYONE) as db:
        row = await db.fetchrow(LAST, list(carried))
    if row is None:
        return None
    found = dict(row)
    found["tags"] = [tag for tag in found["tags"] if tag in carried]
    return Purged(**found)

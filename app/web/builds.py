"""Which builds of the shop have web instances, and the static files that pages of any of them name.

A page kept by the edge outlives the build that made it. So each instance says that it is alive, and puts its files where every
other instance finds them; when the last instance of a build is gone, while another build runs, every kept page goes, once.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.logs import log
from app.settings import settings
from app.values import seconds
from app.web import assets

ROOT = Path(__file__).parents[2]
RENDERED = ("shop_name", "currency", "market", "locale", "public_origin", "port")  # settings that stand in pages
BEAT = 5.0  # seconds between two signs of life
GONE_AFTER = 20.0  # seconds of silence after which a build has no instance: four signs were missed

SAY = "INSERT INTO build (fingerprint) VALUES ($1) ON CONFLICT (fingerprint) DO UPDATE SET seen_at = now()"
PUBLISH = """
    INSERT INTO asset (url, content_type, body, packed) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[])
    ON CONFLICT (url) DO UPDATE SET seen_at = now() WHERE asset.seen_at < now() - interval '1 day'
"""
# One event, however many builds are gone. The same build that comes back later is a new one.
RETIRE = """
    WITH gone AS (DELETE FROM build WHERE seen_at < now() - $1::interval
        AND EXISTS (SELECT FROM build WHERE seen_at >= now() - $1::interval) RETURNING fingerprint)
    INSERT INTO outbox (id, kind, body)
    SELECT gen_random_uuid(), 'changed', '{"table": "build", "all": true}'::jsonb WHERE EXISTS (SELECT FROM gone)
"""
# Nothing is kept for longer than two days, but a browser may come back to a page that it has.
FORGET = "DELETE FROM asset WHERE seen_at < now() - interval '30 days'"


@cache
def fingerprint() -> str:
    """Changes with whatever pages are made of: code, templates, static files, and the settings that they show."""
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "app").rglob("*.sql"), *(ROOT / "templates").rglob("*.*")]
    facts = [f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sorted(files)]
    facts += sorted(asset.url for asset in assets.built().values())
    facts += [f"{name} {getattr(settings(), name)}" for name in RENDERED]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


@contextlib.asynccontextmanager
async def alive() -> AsyncIterator[None]:
    """This process is known as an instance of its build, and its files are where other builds' instances find them."""
    await _said()  # before the first page that names them
    beating = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beating.cancel()


async def _beat() -> None:
    while True:
        await asyncio.sleep(BEAT)
        await _said()


async def _said() -> None:
    """Said that we live; while the database is away, pages go on without."""
    try:
        await say()
    except Exception as wrong:
        log.warning("could not say that this build runs", why=repr(wrong))


async def say(name: str = "") -> None:
    """The build (by default ours) has an instance, and its files can be found by all."""
    async with writing(EVERYONE) as db:
        await db.execute(SAY, name or fingerprint())
        await _publish(db)


async def _publish(db: Any) -> None:
    found = list(assets.built().values())
    if await db.fetchval(
        "SELECT count(*) FROM asset WHERE url = ANY($1) AND seen_at > now() - interval '1 day'", [a.url for a in found]
    ) == len(found):
        return
    await db.execute(
        PUBLISH, [a.url for a in found], [a.content_type for a in found], [a.body for a in found], [a.br for a in found]
    )


async def file_of_another(url: str) -> assets.Asset | None:
    """A static file that another build, running or gone, calls by this address."""
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was put there
        row = await db.fetchrow("SELECT url, body, content_type, packed FROM asset WHERE url = $1", url)
    return assets.Asset(row["url"], row["body"], row["content_type"], row["packed"]) if row else None


async def retire(key: Any = EVERYONE) -> int:
    """A build without instances is forgotten and, if another one runs, every page purged. Returns 1 when that is due."""
    async with writing(key) as db:
        await db.execute(FORGET)
        return await db.execute(RETIRE, seconds(GONE_AFTER))


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """Everything, when a build is gone: its pages name its files and look like it."""
    return {tags.everything()} if any(change["table"] == "build" for change in changes) else set()

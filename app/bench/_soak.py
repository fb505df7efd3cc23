"""Writers and readers at the same pages for a while: nobody sees a page go back, and in the end each equals the database."""

from __future__ import annotations

import asyncio
import random
import time

import asyncpg
import msgspec

from app.bench._reading import Reader, edit, versioned_products
from app.settings import Settings

WRITERS = READERS = 50
GRACE = 1.5  # seconds in which an older copy may still come: the first echo, one second after the purge, and its fetch
QUIET = 3.0


class Soak(msgspec.Struct, frozen=True, kw_only=True):
    """`backwards`: reads older than what the same reader saw more than the grace ago; `wrong`: kept pages unlike the database."""

    seconds: float
    writes: int
    reads: int
    backwards: int
    stale: int
    wrong: int


class _Past:
    """What was committed and seen, by product."""

    def __init__(self) -> None:
        self.committed: dict[str, list[tuple[float, int]]] = {}
        self.writes = self.reads = self.backwards = self.stale = 0

    def newest(self, slug: str, at: float) -> int:
        """The newest version committed before the grace."""
        return max((version for since, version in self.committed.get(slug, []) if since <= at - GRACE), default=0)


async def soak(now: Settings, seconds: float) -> Soak:
    """Fifty writers, each at a product of its own about once a second, and fifty readers of all of them."""
    past = _Past()
    async with (
        asyncpg.create_pool(now.shared_dsn, min_size=4, max_size=10) as pool,
        versioned_products(pool, WRITERS, now.market, now.currency) as slugs,
    ):
        end = time.monotonic() + seconds
        writers = [_write(pool, slug, past, end) for slug in slugs]
        readers = [_read(now.port, slugs, past, end, seed) for seed in range(READERS)]
        await asyncio.gather(*writers, *readers)
        await asyncio.sleep(QUIET)
        wrong = await _unlike(pool, now.port, slugs)
    return Soak(
        seconds=seconds, writes=past.writes, reads=past.reads, backwards=past.backwards, stale=past.stale, wrong=wrong
    )


async def _write(pool: asyncpg.Pool, slug: str, past: _Past, end: float) -> None:
    chance, version = random.Random(slug), 0  # noqa: S311 - a rhythm, not a secret
    while time.monotonic() < end:
        version += 1
        await edit(pool, slug, version)
        past.committed.setdefault(slug, []).append((time.monotonic(), version))
        past.writes += 1
        await asyncio.sleep(chance.uniform(0.2, 1.8))


async def _read(port: int, slugs: list[str], past: _Past, end: float, seed: int) -> None:
    reader, chance = Reader(port), random.Random(seed)  # noqa: S311
    seen: dict[str, tuple[float, int]] = {}
    while time.monotonic() < end:
        slug, asked = chance.choice(slugs), time.monotonic()
        version = await reader.version(f"/p/{slug}")
        when, before = seen.get(slug, (asked, 0))
        past.reads += 1
        past.stale += version < past.newest(slug, asked)
        past.backwards += version < before and asked - when > GRACE
        if version > before:
            seen[slug] = (time.monotonic(), version)
        await asyncio.sleep(chance.uniform(0.02, 0.08))
    reader.close()


async def _unlike(pool: asyncpg.Pool, port: int, slugs: list[str]) -> int:
    """How many of the kept pages show another version than the database has."""
    reader = Reader(port)
    rows = await pool.fetch("SELECT slug, subtitle FROM product WHERE slug = ANY($1)", slugs)
    shown = {row["slug"]: await reader.version(f"/p/{row['slug']}") for row in rows}
    reader.close()
    return sum(row["subtitle"] != f"edge bench {shown[row['slug']]}" for row in rows)

"""Run once at every start, between the databases and the web: migrate, fill an empty catalogue, render the VCL.

A process of its own: the supervisor stays small and imports nothing of the shop.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec

from app.ops.home import CLONE, home_of
from app.settings import Settings, settings


async def prepare(full: Settings, seed: str) -> None:
    """Every schema at this code's version, `seed` ("demo", a number or "none") applied to an empty catalogue."""
    from app.db.migrate import migrate

    if changed := await migrate(full):
        print(f"Migrated {', '.join(changed)}", flush=True)
    if seed != "none":
        await _seed(full, seed)
    if full.edge:
        _render(full)


async def _seed(full: Settings, what: str) -> None:
    if not await catalogue_is_empty(full):
        if what != "demo":
            print(f"The catalogue holds products already, so `--seed {what}` changed nothing", flush=True)
        return
    from app.ops.seeding import seed_with_progress

    await seed_with_progress(full, what)


async def catalogue_is_empty(full: Settings) -> bool:
    connection = await asyncpg.connect(full.shared_dsn, timeout=5)
    try:
        return not await connection.fetchval("SELECT EXISTS (SELECT FROM product)")
    finally:
        await connection.close()


def _render(full: Settings) -> None:
    """The VCL is in its file. Left as it is when nothing it comes from has changed: importing the shop takes seconds."""
    path = home_of(full).vcl
    mark = path.with_suffix(".made-of")
    made_of = _fingerprint(full)
    if path.exists() and mark.exists() and mark.read_text() == made_of:
        return
    from app.ops.rendering import vcl_of

    path.write_text(vcl_of(full), encoding="utf-8")
    mark.write_text(made_of)


def _fingerprint(full: Settings) -> str:
    """Changes with the settings and with every file that the rules may come from."""
    facts = [msgspec.json.encode(full).decode(), sys.version]
    facts += (f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in _sources())
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _sources() -> Iterator[Path]:
    for folder in ("app", "edge", "static"):
        yield from sorted(path for path in (CLONE / folder).rglob("*.*") if "__pycache__" not in path.parts)
    yield CLONE / "requirements.txt"


if __name__ == "__main__":
    from app.ops.sentence import as_sentence

    with as_sentence():
        asyncio.run(prepare(settings(), sys.argv[1]))

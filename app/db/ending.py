"""How a transaction ends, whatever happened in it: committed or undone, and its connection given back."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from app.db.current import Database
from app.db.pools import drop


async def finish(pool: asyncpg.Pool, database: Database, *, failed: bool) -> None:
    try:
        await database.connection.execute("ROLLBACK" if failed else "COMMIT")
    except BaseException:
        drop(database.connection)  # whatever state it is in, nobody inherits it
        if not failed:
            raise
    finally:
        await pool.release(database.connection)


async def to_its_end(work: Any) -> None:
    """Awaits `work` even when we are cancelled meanwhile: a half-finished commit would leave its locks behind."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait({task}, timeout=5)
        raise

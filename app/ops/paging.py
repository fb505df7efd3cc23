"""Rows of every database a page at a time, for checks that compare two of them: memory stays bounded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

import asyncpg

from app.db.engines import all_shards, reading
from app.db.sharding import by_shard

PAGE = 500  # rows in memory at a time
NIL = UUID(int=0)


async def pages(key: int | str, sql: str, *more: Any) -> AsyncIterator[list[asyncpg.Record]]:
    """The rows of a query in the order of their ids ($1: after which, $2: how many), a page at a time."""
    after = NIL
    while True:
        async with reading(key) as db:
            page = await db.fetch(sql, after, PAGE, *more)
        if not page:
            return
        yield page
        after = page[-1]["id"]


async def by_id(ids: Iterable[UUID], sql: str, *more: Any) -> dict[UUID, asyncpg.Record]:
    """Rows by id from whichever shards hold them."""
    found: dict[UUID, asyncpg.Record] = {}
    for bucket, some in by_shard(ids, all_shards()).items():
        async with reading(bucket) as db:
            found |= {row["id"]: row for row in await db.fetch(sql, some, *more)}
    return found

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.db.engines import EVERYONE, reading
from app.edge import tags


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """The pages whose shown blocks changed, a block that moved spoiling both, or whose pictures did."""
    changes = list(changes)
    emptied = {tags.everything() for change in changes if change.get("all") and change["table"] == "block"}
    sides = [side for row in _rows(changes, "block") for side in (row["old"], row["new"]) if side]
    pages = {side["page"] for side in sides if side.get("published", True)}  # older notes do not say it
    pages |= await _pages_showing([row["id"] for row in _rows(changes, "picture")])
    return {tags.blocks(page) for page in pages} | emptied


def _rows(changes: list[dict[str, Any]], table: str) -> list[dict[str, Any]]:
    return [row for change in changes if change["table"] == table for row in change.get("rows", [])]


async def _pages_showing(pictures: list[str]) -> set[str]:
    if not pictures:
        return set()
    sql = """SELECT DISTINCT page FROM block
        WHERE published AND EXISTS (SELECT FROM jsonb_path_query(body, '$.**.picture') named WHERE named #>> '{}' = ANY($1))"""
    async with reading(EVERYONE) as db:
        return {row["page"] for row in await db.fetch(sql, pictures)}

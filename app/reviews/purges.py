from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.edge import tags


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """Product pages whose reviews changed. A review that nobody could read changes nothing; ratings are the product's own."""
    ours = [change for change in changes if change["table"] == "review"]
    emptied = {tags.everything() for change in ours if change.get("all")}
    rows = [row for change in ours for row in change.get("rows", [])]
    readable = [side for row in rows for side in (row["old"], row["new"]) if side and side["state"] == "approved"]
    return {tags.product(UUID(side["product_id"])) for side in readable} | emptied

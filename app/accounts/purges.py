from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.edge import tags


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """The kept holes of shoppers of whom something changed on their shard (`operations.forget_holes`)."""
    rows = [row for change in changes if change["table"] == "shopper" for row in change.get("rows", [])]
    return {tags.shopper(UUID(row["id"])) for row in rows}

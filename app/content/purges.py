from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.edge import tags


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """The pages whose blocks changed, a block that moved spoiling both."""
    rows = [row for change in changes if change["table"] == "block" for row in change["rows"]]
    return {tags.blocks(side["page"]) for row in rows for side in (row["old"], row["new"]) if side}

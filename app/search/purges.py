"""From noted changes of the shared database to the tags of the pages that show what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.edge import tags


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """Every answer of search, when synonyms changed: any of them may mean something else now."""
    return {tags.searches() for change in changes if change["table"] == "synonym"}

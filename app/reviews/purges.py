from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from app.edge import tags

COUNTED = {"helpful", "unhelpful"}  # the product's own page does not show them
SHOWN = {"product_id", "author", "rating", "title", "body", "state", "created_at", "verified", "reply"}


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """Pages that show the reviews that changed. One that nobody could read changes nothing; ratings are the product's own."""
    ours = [change for change in changes if change["table"] == "review"]
    emptied = {tags.everything() for change in ours if change.get("all")}
    return {tag for change in ours for row in change.get("rows", []) for tag in _tags(row)} | emptied


def _tags(row: dict[str, Any]) -> Iterator[str]:
    columns = set(row["columns"])
    for side in (row["old"], row["new"]):
        if not side or side["state"] != "approved":
            continue
        if columns & (SHOWN | COUNTED):
            yield tags.reviews(UUID(side["product_id"]))
        if columns & SHOWN:
            yield tags.product(UUID(side["product_id"]))

from __future__ import annotations

from typing import Any

import pytest

from app.edge import tags
from app.reviews import purges
from app.values import any_bucket, new_id

PRODUCT = new_id(any_bucket())


def change(old: str | None, new: str | None) -> list[dict[str, Any]]:
    def side(state: str | None) -> dict[str, Any] | None:
        return {"product_id": str(PRODUCT), "state": state} if state else None

    return [{"table": "review", "rows": [{"id": "x", "columns": ["state"], "old": side(old), "new": side(new)}]}]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("pending", "approved", True),
        ("approved", "rejected", True),
        ("approved", "approved", True),
        (None, "approved", True),
        ("approved", None, True),
        (None, "pending", False),
        ("pending", "rejected", False),
    ],
)
async def test_only_reviews_that_can_be_read_spoil_their_product(old: str | None, new: str | None, shown: bool) -> None:
    assert await purges.tags_of(change(old, new)) == (
        {tags.product(PRODUCT), tags.reviews(PRODUCT)} if shown else set()
    )


async def test_what_is_no_review_is_left_to_others() -> None:
    assert (
        await purges.tags_of([{"table": "product", "rows": [{"id": "x", "columns": [], "old": {}, "new": {}}]}])
        == set()
    )


async def test_emptied_reviews_spoil_everything() -> None:
    assert await purges.tags_of([{"table": "review", "all": True}]) == {tags.everything()}
    assert await purges.tags_of([{"table": "block", "all": True}]) == set()


@pytest.mark.parametrize(
    ("columns", "spoiled"),
    [
        (["helpful", "version"], {tags.reviews(PRODUCT)}),
        (["reply"], {tags.reviews(PRODUCT), tags.product(PRODUCT)}),
        (["version", "moderated_by", "moderated_at", "reason"], set()),
    ],
)
async def test_votes_spoil_the_list_alone_and_what_staff_note_nothing(columns: list[str], spoiled: set[str]) -> None:
    side = {"product_id": str(PRODUCT), "state": "approved"}
    rows = [{"id": "x", "columns": columns, "old": side, "new": side}]

    assert await purges.tags_of([{"table": "review", "rows": rows}]) == spoiled

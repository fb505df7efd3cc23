from __future__ import annotations

import pytest

from app.content import purges
from app.edge import tags
from tests import makers


async def test_a_block_spoils_the_page_it_is_on_and_the_one_it_left() -> None:
    row = {"id": "x", "columns": ["page"], "old": {"page": "home"}, "new": {"page": "about"}}
    new = {"id": "y", "columns": ["body"], "old": None, "new": {"page": "home"}}

    assert await purges.tags_of([{"table": "block", "rows": [row]}]) == {tags.blocks("home"), tags.blocks("about")}
    assert await purges.tags_of([{"table": "block", "rows": [new]}, {"table": "price", "rows": [new]}]) == {
        tags.blocks("home")
    }
    assert await purges.tags_of([]) == set()


async def test_a_block_that_is_not_shown_spoils_nothing_until_it_is() -> None:
    hidden, shown = {"page": "home", "published": False}, {"page": "home", "published": True}

    async def spoiled(old: dict | None, new: dict | None) -> set[str]:
        return await purges.tags_of([{"table": "block", "rows": [{"id": "x", "old": old, "new": new}]}])

    assert await spoiled(hidden, hidden) == await spoiled(None, hidden) == await spoiled(hidden, None) == set()
    assert await spoiled(hidden, shown) == await spoiled(shown, hidden) == await spoiled(shown, shown)
    assert await spoiled(shown, shown) == {tags.blocks("home")}


async def test_emptied_blocks_spoil_everything_and_other_tables_are_left_to_others() -> None:
    assert await purges.tags_of([{"table": "block", "all": True}]) == {tags.everything()}
    assert await purges.tags_of([{"table": "price", "all": True}, {"table": "picture", "all": True}]) == set()


@pytest.mark.usefixtures("databases")
async def test_a_picture_spoils_the_pages_whose_blocks_show_it() -> None:
    own, tile = makers.unique("picture"), makers.unique("picture")
    await makers.a_block(
        "categories", {"picture": own, "items": [{"title": "Mugs", "url": "/c/mugs", "picture": tile}]}
    )

    for hash in (own, tile):
        assert await purges.tags_of([{"table": "picture", "rows": [{"id": hash}]}]) == {tags.blocks("home")}
    assert await purges.tags_of([{"table": "picture", "rows": [{"id": makers.unique("picture")}]}]) == set()

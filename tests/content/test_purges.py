from __future__ import annotations

from app.content import purges
from app.edge import tags


async def test_a_block_spoils_the_page_it_is_on_and_the_one_it_left() -> None:
    row = {"id": "x", "columns": ["page"], "old": {"page": "home"}, "new": {"page": "about"}}
    new = {"id": "y", "columns": ["body"], "old": None, "new": {"page": "home"}}

    assert await purges.tags_of([{"table": "block", "rows": [row]}]) == {tags.blocks("home"), tags.blocks("about")}
    assert await purges.tags_of([{"table": "block", "rows": [new]}, {"table": "price", "rows": [new]}]) == {
        tags.blocks("home")
    }
    assert await purges.tags_of([]) == set()

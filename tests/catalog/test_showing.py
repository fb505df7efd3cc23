from __future__ import annotations

import pytest

from app.catalog import showing
from app.db.engines import EVERYONE, TALLY, Tally, reading
from app.edge import tags
from tests import makers
from tests.catalog.test_purges import spoiled

pytestmark = pytest.mark.usefixtures("databases")


async def test_a_picture_spoils_the_product_and_with_its_size_the_card_that_it_is_on() -> None:
    product = await makers.a_product()
    first, second = await makers.a_picture(product), await makers.a_picture(product, position=1)

    words, size = "UPDATE picture SET alt = 'A mug' WHERE hash = $1", "UPDATE picture SET width = 9 WHERE hash = $1"
    only_page = {tags.product(product.id)}

    assert await spoiled(words, first) == await spoiled(words, second) == await spoiled(size, second) == only_page
    card = {tags.card(product.id), tags.category(product.category_id), tags.lists_by("any")}
    assert await spoiled(size, first) == only_page | card


async def test_nothing_asked_is_nothing_read() -> None:
    token = TALLY.set(tally := Tally())

    async with reading(EVERYONE) as db:
        for of in (showing.variants, showing.makers, showing.pictures):
            assert await of(db, []) == set()

    TALLY.reset(token)
    assert tally.queries == 0

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.content import queries
from app.db.engines import EVERYONE, TALLY, Tally, writing
from app.edge import tags
from app.values import now
from tests import makers


@pytest.fixture(autouse=True)
async def bare_home(databases: None) -> AsyncIterator[None]:
    """The home page is one for all tests: each starts with it empty."""
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM block")
    yield


async def test_blocks_come_in_order_without_unpublished_ones() -> None:
    await makers.a_block("notice", {"text": "Second"}, position=2)
    await makers.a_block("notice", {"text": "Hidden"}, position=0, published=False)
    await makers.a_block("notice", {"text": "First"}, position=1)

    view = await queries.home_view()

    assert [block.text for block in view.blocks if isinstance(block, queries.Notice)] == ["First", "Second"]
    assert view.tags == {tags.blocks("home")}


async def test_tiles_without_pictures_are_links() -> None:
    hash = await makers.a_picture(await makers.a_product())
    links = [{"title": "On sale", "url": "/c/on-sale"}]
    await makers.a_block("categories", {"title": "Begin", "items": links}, position=1)
    tiles = [{"title": "Table", "url": "/c/table", "picture": hash}]
    await makers.a_block("categories", {"title": "Departments", "items": tiles}, position=2)

    begin, departments = (await queries.home_view()).blocks

    assert isinstance(begin, queries.Categories)
    assert isinstance(departments, queries.Categories)
    assert (begin.pictured, departments.pictured) == (False, True)


async def test_every_page_leads_to_the_departments_and_to_the_first_collections() -> None:
    department = await makers.a_category(title="Loft", top=True)
    collection = await makers.a_collection(products=[])
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE collection SET position = -1 WHERE id = $1", collection.id)

    view = await queries.menu_view()

    assert department.url in [link.url for link in view.items]
    assert view.collections[0].url == f"/c/{collection.slug}"
    assert len(view.collections) <= queries.MOST_COLLECTIONS
    assert not {link.url for link in view.items} & {link.url for link in view.collections}


async def test_every_kind_of_block_shows_what_its_row_says() -> None:
    product = await makers.a_product()
    hash = await makers.a_picture(product)
    told = {"title": "T", "text": "X", "link_title": "More", "link_url": "/c/table", "picture": hash}
    await makers.a_block("hero", told, position=1)
    await makers.a_block(
        "categories",
        {"title": "Departments", "items": [{"title": "Table", "url": "/c/table", "picture": hash}]},
        position=2,
    )
    await makers.a_block("products", {"title": "Ours", "products": [product.slug]}, position=3)
    await makers.a_block("story", told | {"picture": "unknown"}, position=4)

    view = await queries.home_view()

    hero, departments, ours, story = view.blocks
    assert isinstance(hero, queries.Hero)
    assert isinstance(departments, queries.Categories)
    assert isinstance(ours, queries.Products)
    assert isinstance(story, queries.Story)
    assert [block.kind for block in view.blocks] == ["hero", "categories", "products", "story"]
    assert (hero.title, hero.text, hero.link_title, hero.link_url) == ("T", "X", "More", "/c/table")
    assert hero.picture.url == departments.items[0].picture.url == f"/static/p/{hash}.svg"
    assert [card.product_id for card in ours.cards] == [product.id]
    assert story.picture.url == "/static/p/none.svg"


async def test_a_home_page_with_many_shelves_asks_two_statements() -> None:
    product = await makers.a_product(variants=[{"was": 2000}])
    sale = await makers.a_collection(rule={"kind": "on_sale"})
    await makers.a_block("products", {"title": "A", "products": [product.slug]}, position=1)
    await makers.a_block("products", {"title": "B", "collection": sale.slug, "count": 4}, position=2)
    await makers.a_block("products", {"title": "C", "category": product.category_path}, position=3)
    token = TALLY.set(tally := Tally())

    view = await queries.home_view()

    TALLY.reset(token)
    assert tally.queries == 2
    assert [bool(block.cards) for block in view.blocks if isinstance(block, queries.Products)] == [True, True, True]
    assert {
        tags.blocks("home"),
        tags.card(product.id),
        tags.collection(sale.id),
        tags.lists_by("was_from"),
    } <= view.tags
    assert len(view.tags) <= 40


async def test_a_home_page_of_very_many_products_rolls_its_tags_up() -> None:
    mugs = await makers.a_category()
    for _ in range(45):
        await makers.a_product(category=mugs)
    await makers.a_block("products", {"title": "All", "category": mugs.path, "count": 45})

    view = await queries.home_view()

    assert sum(len(block.cards) for block in view.blocks if isinstance(block, queries.Products)) == 45
    assert tags.lists_by("any") in view.tags
    tags.header(view.tags | {tags.menu()})


async def test_home_changes_by_itself_when_a_product_is_due() -> None:
    due = now() + timedelta(seconds=30)
    product = await makers.a_product(publish_at=due)
    await makers.a_block("products", {"title": "A", "products": [product.slug]})

    view = await queries.home_view()

    assert view.until is not None
    assert view.until <= due


async def test_the_menu_has_the_departments_only() -> None:
    table = await makers.a_category(title="Table", top=True)
    mugs = await makers.a_category(parent=table)

    urls = [link.url for link in (await queries.menu_view()).items]

    assert table.url in urls
    assert mugs.url not in urls

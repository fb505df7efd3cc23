from __future__ import annotations

from datetime import timedelta

import pytest

from app.catalog import queries
from app.catalog.list_views import ListView
from app.edge import tags
from app.values import now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def listed(path: str, page: int = 1, sort: str = "featured") -> ListView:
    found = await queries.list_view(path, page, sort)
    assert found is not None
    return found


async def test_a_category_lists_its_own_and_its_descendants_products() -> None:
    table = await makers.a_category(title="Table")
    mugs = await makers.a_category(title="Mugs", parent=table, position=2)
    bowls = await makers.a_category(title="Bowls", parent=table, position=1)
    await makers.a_product(title="Mug", category=mugs, rank=2)
    await makers.a_product(title="Table top", category=table, rank=1)
    await makers.a_product(title="Draft", category=bowls, status="draft")
    await makers.a_product(title="Elsewhere")

    view = await listed(table.path)

    assert [card.title for card in view.cards] == ["Table top", "Mug"]
    assert view.total == 2
    assert [(link.title, link.count) for link in view.children] == [("Bowls", 0), ("Mugs", 1)]
    assert [crumb.title for crumb in view.crumbs] == ["Everything"]


async def test_a_category_whose_name_begins_alike_is_not_a_descendant() -> None:
    table = await makers.a_category(title="Table")
    alike = await makers.a_category(title=table.path.rpartition("/")[2])
    await makers.a_product(category=alike)

    assert (await listed(table.path)).total == 0


async def test_page_two_has_products_25_to_48_and_links_both_ways() -> None:
    mugs = await makers.a_category()
    for rank in range(50):
        await makers.a_product(title=f"Mug {rank + 1}", category=mugs, rank=rank)

    first, second, third = [await listed(mugs.path, page) for page in (1, 2, 3)]

    assert [card.title for card in second.cards] == [f"Mug {number}" for number in range(25, 49)]
    assert (second.total, second.pages) == (50, 3)
    assert (first.previous_url, first.more_url) == (None, f"{mugs.url}?page=2")
    assert (second.previous_url, second.more_url) == (mugs.url, f"{mugs.url}?page=3")
    assert third.more_url is None
    past = await listed(mugs.path, 4)
    assert (past.cards, past.pages, past.tags) == ([], 3, third.tags)


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("featured", ["Dear", "Cheap", "Loved"]),
        ("price-up", ["Cheap", "Loved", "Dear"]),
        ("price-down", ["Dear", "Loved", "Cheap"]),
        ("new", ["Loved", "Dear", "Cheap"]),
        ("rating", ["Loved", "Dear", "Cheap"]),
        ("; DROP TABLE product", ["Dear", "Cheap", "Loved"]),
    ],
)
async def test_a_list_can_be_sorted(sort: str, titles: list[str]) -> None:
    mugs = await makers.a_category()
    today = now()
    await makers.a_product(title="Dear", price=9000, category=mugs, rank=1, created_at=today - timedelta(days=2))
    cheap = await makers.a_product(
        title="Cheap", price=100, category=mugs, rank=2, created_at=today - timedelta(days=3)
    )
    loved = await makers.a_product(
        title="Loved", price=500, category=mugs, rank=3, created_at=today - timedelta(days=1)
    )
    await makers.a_review(cheap, rating=1)
    await makers.a_review(loved, rating=5)

    view = await listed(mugs.path, sort=sort)

    assert [card.title for card in view.cards] == titles
    assert sum(link.current for link in view.sorts) == 1


async def test_the_default_sort_and_page_are_not_part_of_an_address() -> None:
    mugs = await makers.a_category()

    view = await listed(mugs.path, sort="price-up")

    assert [link.url for link in view.sorts][:2] == [mugs.url, f"{mugs.url}?sort=new"]
    assert view.canonical == mugs.url


async def test_a_list_carries_its_category_and_those_it_draws_from() -> None:
    table = await makers.a_category(title="Table", top=True)
    mugs = await makers.a_category(parent=table)
    await makers.a_product(category=mugs)

    facets = tags.lists_by("facets")
    assert (await listed(table.path)).tags == {tags.category(table.id), tags.category(mugs.id), facets}
    assert (await listed(mugs.path)).tags == {tags.category(mugs.id), tags.category_detail(table.id), facets}


async def test_a_category_of_very_many_rolls_its_tags_up() -> None:
    table = await makers.a_category(title="Table", top=True)
    for _ in range(31):
        await makers.a_category(parent=table)

    assert (await listed(table.path)).tags == {
        tags.category(table.id),
        tags.lists_by("any"),
        tags.lists_by("facets"),
    }


async def test_a_list_changes_by_itself_when_a_product_is_due() -> None:
    table = await makers.a_category(title="Table")
    mugs = await makers.a_category(parent=table)
    due = now() + timedelta(minutes=5)
    await makers.a_product(category=mugs, publish_at=due)
    await makers.a_product(category=mugs, publish_at=due, status="draft")

    view = await listed(table.path)

    assert view.total == 0
    assert view.until == due


async def test_a_collection_is_found_where_no_category_is() -> None:
    one, two = await makers.a_product(title="One"), await makers.a_product(title="Two")
    await makers.a_product(title="Three")
    flat = await makers.a_collection(title="First flat", products=[two, one])

    view = await listed(flat.slug)

    assert (view.title, view.total, [card.title for card in view.cards]) == ("First flat", 2, ["Two", "One"])
    assert view.tags == {tags.collection(flat.id), tags.card(one.id), tags.card(two.id), tags.lists_by("status")}
    assert (await listed(flat.slug, 2)).cards == []


async def test_an_empty_collection_has_one_empty_page() -> None:
    nothing = await makers.a_collection(products=[])

    assert (await listed(nothing.slug)).total == 0
    assert (await listed(nothing.slug, 2)).pages == 1


async def test_an_unknown_path_is_no_list() -> None:
    assert await queries.list_view("nowhere/at-all", 1, "featured") is None
    assert await queries.list_view("", 1, "featured") is None


async def test_a_list_changes_by_itself_when_a_product_is_no_longer_new() -> None:
    mugs = await makers.a_category()
    since = now() - timedelta(days=30) + timedelta(minutes=5)
    await makers.a_product(category=mugs, created_at=since)
    await makers.a_product(category=mugs, created_at=since - timedelta(days=1))

    view = await listed(mugs.path)

    assert view.until == since + timedelta(days=30)
    assert sorted(card.badge or "" for card in view.cards) == ["", "New"]

from __future__ import annotations

import asyncio

import pytest

from app.lists import operations, queries, rules, wishlists
from tests.lists.test_operations import saved
from tests.makers import a_product, a_shopper


async def names_on(shopper, list_id):
    return [item.title for item in (await queries.list_view(shopper, list_id)).items]


async def the_item(shopper, list_id=None):
    return (await queries.list_view(shopper, list_id)).items[0].item_id


async def test_things_move_and_copy_between_lists_and_are_on_each_once(databases):
    shopper = await a_shopper()
    birthday, flat = await operations.make_list(shopper, " Birthday "), await operations.make_list(shopper, "Flat")
    await saved(shopper, await a_product(title="Mug"))

    await operations.place(shopper, await the_item(shopper), birthday, copy=True)
    await operations.place(shopper, await the_item(shopper), birthday, copy=True)
    await operations.place(shopper, await the_item(shopper), flat, copy=False)

    assert await names_on(shopper, None) == []
    assert await names_on(shopper, birthday) == ["Mug"]
    assert await names_on(shopper, flat) == ["Mug"]
    await operations.place(shopper, await the_item(shopper, flat), birthday, copy=False)
    assert (await names_on(shopper, birthday), await names_on(shopper, flat)) == (["Mug"], [])
    await saved(shopper, await a_product(title="Bowl"))
    assert await names_on(shopper, None) == ["Bowl"]


async def test_moving_at_once_to_one_list_leaves_one(databases):
    shopper = await a_shopper()
    one, two = await operations.make_list(shopper, "One"), await operations.make_list(shopper, "Two")
    await saved(shopper, await a_product(title="Mug"))
    await operations.place(shopper, await the_item(shopper), one, copy=True)
    items = [await the_item(shopper), await the_item(shopper, one)]

    await asyncio.gather(*(operations.place(shopper, each, two, copy=False) for each in items))

    assert [await names_on(shopper, each) for each in (None, one, two)] == [[], [], ["Mug"]]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "Mine"])
async def test_a_name_is_short_readable_and_the_only_one(databases, name):
    shopper = await a_shopper()
    await operations.make_list(shopper, "Mine")
    other = await operations.make_list(shopper, "Other")

    with pytest.raises(operations.BadName):
        await operations.make_list(shopper, name)
    with pytest.raises(operations.BadName):
        await operations.rename_list(shopper, other, name)
    await operations.rename_list(shopper, other, "Other")


async def test_there_are_not_more_lists_than_fit_a_page(databases):
    shopper = await a_shopper()
    made = await asyncio.gather(
        *(operations.make_list(shopper, f"List {n}") for n in range(rules.MOST_LISTS + 2)), return_exceptions=True
    )

    assert sum(isinstance(each, wishlists.TooManyLists) for each in made) == 2


async def test_somebody_elses_list_is_like_none(databases):
    mine, theirs = await a_shopper(), await a_shopper()
    foreign = await operations.make_list(theirs, "Theirs")
    await saved(mine, await a_product())

    for act in (
        operations.rename_list(mine, foreign, "Ours"),
        operations.share_list(mine, foreign, shared=True),
        operations.throw_list_away(mine, foreign),
        operations.place(mine, await the_item(mine), foreign, copy=False),
    ):
        with pytest.raises(operations.NoSuchList):
            await act


async def test_a_link_shows_the_list_until_it_is_taken_back_and_never_again(databases):
    shopper = await a_shopper()
    gifts = await operations.make_list(shopper, "Gifts")
    await saved(shopper, await a_product(title="Mug"))
    await saved(shopper, await a_product(title="Private"))
    await operations.place(shopper, (await queries.list_view(shopper, None)).items[1].item_id, gifts, copy=False)

    async def link():
        await operations.share_list(shopper, gifts, shared=True)
        return (await queries.list_view(shopper, gifts)).lists[0].share

    first = await link()
    assert first == await link()
    name, items = await queries.shared_view(first)
    await operations.share_list(shopper, gifts, shared=False)
    second = await link()

    assert (name, [each.title for each in items]) == ("Gifts", ["Mug"])
    assert second != first and len(first) == queries.TOKEN_LENGTH
    assert await queries.shared_view(first) is None
    await operations.throw_list_away(shopper, gifts)
    assert await queries.shared_view(second) is None
    assert [each.title for each in (await queries.saved_view(shopper)).items] == ["Private"]

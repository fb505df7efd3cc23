from __future__ import annotations

import pytest

from app.catalog import queries as catalog
from app.db.engines import reading, writing
from app.lists import operations, queries, rules
from app.lists.rules import LATER, Kept
from app.values import bucket_of, new_id
from tests.makers import a_product, a_shopper


async def saved(shopper_id, product, *, chosen=True):
    [offer] = (await catalog.sellables([product.variant_id])).values()
    await operations.save(shopper_id, offer, chosen=chosen)


async def titles(shopper_id):
    return [item.title for item in (await queries.saved_view(shopper_id)).items]


async def test_what_is_saved_twice_is_on_the_list_once(databases):
    shopper, mug = await a_shopper(), await a_product(title="Mug")

    await saved(shopper, mug, chosen=False)
    await saved(shopper, mug)

    [item] = (await queries.saved_view(shopper)).items
    assert (item.title, item.chosen) == ("Mug", True)


async def test_somebody_elses_thing_is_like_none(databases):
    mine, theirs = await a_shopper(), await a_shopper()
    await saved(theirs, await a_product())
    [item] = (await queries.saved_view(theirs)).items

    for item_id in (item.item_id, new_id(bucket_of(mine))):
        with pytest.raises(operations.NoSuchItem):
            await operations.remove(mine, item_id)

    assert await queries.item_of(mine, item.item_id) is None
    assert len(await titles(theirs)) == 1


async def test_a_guests_things_come_along_once_and_stay_away_once_removed(databases):
    mine, guest = await a_shopper(), await a_shopper()
    mug, jug = await a_product(title="Mug"), await a_product(title="Jug")
    await saved(mine, mug)
    await saved(guest, mug)
    await saved(guest, jug)

    await operations.take_over(mine, guest, await operations.hand_over(guest))
    joined = await titles(mine)
    for item in (await queries.saved_view(mine)).items:
        await operations.remove(mine, item.item_id)
    await operations.take_over(mine, guest, await operations.hand_over(guest))

    assert sorted(joined) == ["Jug", "Mug"]
    assert await titles(mine) == []


async def test_two_full_lists_become_one_full_list(databases, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 3)
    mine, guest = await a_shopper(), await a_shopper()
    mugs = [await a_product(title=f"Mug {number}") for number in range(5)]
    for mug in mugs[:2]:
        await saved(mine, mug)
    for mug in mugs[1:4]:  # Mug 1 is on both, Mug 3 the guest's latest
        await saved(guest, mug)
    await put_aside(guest, mugs[4])

    await operations.take_over(mine, guest, await operations.hand_over(guest))

    assert sorted(await titles(mine)) == ["Mug 0", "Mug 1", "Mug 3"]
    async with reading(mine) as db:
        assert [each.variant_id for each in await queries.items_of(db, mine, [LATER])] == [mugs[4].variant_id]


async def put_aside(shopper_id, product):
    async with writing(shopper_id) as db:
        line = {"variant_id": product.variant_id, "quantity": 1, "seen_price": 100, "personal_text": ""}
        await operations.keep_for_later(db, shopper_id, **line)


async def test_what_was_removed_from_a_guests_cart_does_not_come_along(databases):
    guest = await a_shopper()
    await saved(guest, await a_product())

    handed = await operations.hand_over(guest)

    assert [(type(each), each.kind) for each in handed] == [(Kept, "saved")]


async def test_a_full_list_takes_what_it_has_and_refuses_a_copy_by_saying_so(databases, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 2)
    mine, mug, jug = await a_shopper(), await a_product(title="Mug"), await a_product(title="Jug")
    await saved(mine, mug, chosen=False)
    await saved(mine, jug)
    gifts = await operations.make_list(mine, "Gifts")
    [item] = [each for each in (await queries.saved_view(mine)).items if each.title == "Mug"]

    await saved(mine, mug)
    with pytest.raises(operations.FullList) as full:
        await operations.place(mine, item.item_id, gifts, copy=True)
    with pytest.raises(operations.FullList):
        await saved(mine, await a_product())
    await operations.place(mine, item.item_id, None, copy=True)  # it is there already
    await operations.place(mine, item.item_id, gifts, copy=False)

    assert "Your lists hold" in full.value.say
    assert sorted(await titles(mine)) == ["Jug", "Mug"]

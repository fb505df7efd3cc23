from __future__ import annotations

import asyncio

import pytest

from app.cart import aside, operations, queries
from app.db.engines import reading, writing
from app.lists import operations as lists
from tests.cart.test_operations import reprice, unpublish
from tests.makers import a_cart, a_product


async def kept(shopper_id, kind):
    async with reading(shopper_id) as db:
        rows = await db.fetch(
            "SELECT id, variant_id, quantity FROM list_item WHERE shopper_id = $1 AND kind = $2", shopper_id, kind
        )
    return [(row["id"], row["variant_id"], row["quantity"]) for row in rows]


async def test_what_was_removed_comes_back_as_it_was(databases):
    product = await a_product(price=1400)
    cart = await a_cart({product.variant_id: 3})
    await reprice(product.variant_id, 1500)

    await aside.remove(cart.shopper_id, cart.items[0].line_id)
    back = await aside.bring(cart.shopper_id, cart.items[0].line_id)

    assert (await queries.cart_of(cart.shopper_id)).items == cart.items
    assert (back.quantity, back.changed.units) == (3, 3)


async def test_what_was_removed_and_put_in_again_meanwhile_adds_up(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 98})
    await aside.remove(cart.shopper_id, cart.items[0].line_id)
    await a_cart({product.variant_id: 2}, cart.shopper_id)

    back = await aside.bring(cart.shopper_id, cart.items[0].line_id)

    assert back.changed.units == 99


async def test_a_second_removal_of_the_same_is_the_one_that_can_be_undone(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 3})
    await aside.remove(cart.shopper_id, cart.items[0].line_id)
    again = await a_cart({product.variant_id: 1}, cart.shopper_id)

    await aside.remove(cart.shopper_id, again.items[0].line_id)

    assert await kept(cart.shopper_id, "removed") == [(again.items[0].line_id, product.variant_id, 1)]


async def test_what_was_removed_days_ago_is_forgotten_with_the_next_removal(databases):
    cart = await a_cart({(await a_product()).variant_id: 1, (await a_product()).variant_id: 1})
    await aside.remove(cart.shopper_id, cart.items[0].line_id)
    async with writing(cart.shopper_id) as db:
        await db.execute(
            "UPDATE list_item SET added_at = now() - interval '2 days' WHERE shopper_id = $1", cart.shopper_id
        )

    await aside.remove(cart.shopper_id, cart.items[1].line_id)

    assert [id for id, _, _ in await kept(cart.shopper_id, "removed")] == [cart.items[1].line_id]


async def test_what_is_kept_for_later_twice_adds_up(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 2})
    await aside.save_for_later(cart.shopper_id, cart.items[0].line_id)
    again = await a_cart({product.variant_id: 3}, cart.shopper_id)

    changed = await aside.save_for_later(cart.shopper_id, again.items[0].line_id)

    assert [many for _, _, many in await kept(cart.shopper_id, "later")] == [5]
    assert changed.units == 0


async def test_what_is_sold_no_more_stays_where_it_is(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 2})
    await aside.save_for_later(cart.shopper_id, cart.items[0].line_id)
    [(item_id, _, _)] = await kept(cart.shopper_id, "later")
    await unpublish(product.id)

    with pytest.raises(operations.NotSold):
        await aside.bring(cart.shopper_id, item_id)

    assert len(await kept(cart.shopper_id, "later")) == 1


async def test_of_two_who_bring_the_same_back_at_once_one_finds_nothing(databases):
    cart = await a_cart({(await a_product()).variant_id: 2})
    line_id = cart.items[0].line_id
    await aside.remove(cart.shopper_id, line_id)

    answers = await asyncio.gather(*(aside.bring(cart.shopper_id, line_id) for _ in range(2)), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["Back", "NoSuchItem"]
    assert (await queries.cart_of(cart.shopper_id)).units == 2


async def test_a_cart_that_is_full_takes_nothing_back_and_loses_nothing(databases):
    cart = await a_cart({(await a_product()).variant_id: 1})
    line_id = cart.items[0].line_id
    await aside.remove(cart.shopper_id, line_id)
    product = await a_product(variants=[{} for _ in range(60)])
    await a_cart({variant.id: 1 for variant in product.variants}, cart.shopper_id)

    with pytest.raises(operations.TooManyLines):
        await aside.bring(cart.shopper_id, line_id)

    assert len(await kept(cart.shopper_id, "removed")) == 1


async def test_a_list_holds_so_many_things_and_no_more(databases, monkeypatch):
    monkeypatch.setattr("app.lists.rules.MOST", 1)
    cart = await a_cart({(await a_product()).variant_id: 1, (await a_product()).variant_id: 1})
    await aside.save_for_later(cart.shopper_id, cart.items[0].line_id)

    with pytest.raises(lists.FullList):
        await aside.save_for_later(cart.shopper_id, cart.items[1].line_id)

    assert (await queries.cart_of(cart.shopper_id)).units == 1

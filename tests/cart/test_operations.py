from __future__ import annotations

import asyncio

import pytest

from app.cart import aside, operations, queries, rules
from app.db.engines import EVERYONE, reading, writing
from app.values import any_bucket, bucket_of, new_id
from tests.makers import a_cart, a_product, a_shopper


async def an_offer(**more):
    return await operations.offer_of((await a_product(**more)).variant_id)


async def test_twelve_adds_at_once_count_twelve(databases):
    shopper_id, offer = await a_shopper(), await an_offer()

    await asyncio.gather(*(operations.add(shopper_id, offer, 1) for _ in range(12)))

    cart = await queries.cart_of(shopper_id)
    assert [item.quantity for item in cart.items] == [12]
    assert cart.version == 12


async def test_adds_of_different_things_at_once_open_one_cart(databases):
    shopper_id, offers = await a_shopper(), [await an_offer() for _ in range(6)]

    changes = await asyncio.gather(*(operations.add(shopper_id, offer, 2) for offer in offers))

    cart = await queries.cart_of(shopper_id)
    assert cart.units == 12
    assert max(change.units for change in changes) == 12
    assert len({change.pv for change in changes}) == 6


async def test_everything_of_a_cart_carries_its_shoppers_bucket(databases):
    cart = await a_cart({(await a_product()).variant_id: 1})

    assert {bucket_of(id) for id in (cart.shopper_id, cart.cart_id, cart.items[0].line_id)} == {
        bucket_of(cart.shopper_id)
    }


async def test_a_line_never_holds_more_than_the_most(databases):
    shopper_id, offer = await a_shopper(), await an_offer()

    await operations.add(shopper_id, offer, 98)
    changed = await operations.add(shopper_id, offer, 98)

    assert changed.units == rules.MOST


async def test_adding_again_shows_the_new_price_as_seen(databases):
    shopper_id, product = await a_shopper(), await a_product(price=1400)
    await a_cart({product.variant_id: 1}, shopper_id)
    await reprice(product.variant_id, 1500)

    await a_cart({product.variant_id: 1}, shopper_id)

    [item] = (await queries.cart_of(shopper_id)).items
    assert (item.quantity, item.seen_price) == (2, 1500)


async def test_a_cart_holds_a_bounded_number_of_different_things(databases, monkeypatch):
    monkeypatch.setattr(rules, "MOST_LINES", 2)
    cart = await a_cart({(await a_product()).variant_id: 1, (await a_product()).variant_id: 1})

    with pytest.raises(operations.TooManyLines):
        await operations.add(cart.shopper_id, await an_offer(), 1)

    assert await queries.cart_of(cart.shopper_id) == cart


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"status": "draft"}, operations.NotSold),
        ({"status": "archived"}, operations.NotSold),
        ({"price": None}, operations.NotSold),
        ({"band": "out"}, operations.SoldOut),
        ({"variants": [{"published": False}]}, operations.NotSold),
    ],
)
async def test_what_is_not_on_sale_has_no_offer(databases, about, refusal):
    product = await a_product(**about)

    with pytest.raises(refusal):
        await operations.offer_of(product.variant_id)


async def test_a_variant_nobody_knows_has_no_offer(databases):
    with pytest.raises(operations.NotSold):
        await operations.offer_of(new_id(any_bucket()))


@pytest.mark.parametrize("policy", ["made_to_order", "preorder"])
async def test_what_is_made_or_sent_later_can_be_added_without_stock(databases, policy):
    product = await a_product(band="out", variants=[{"policy": policy}])

    offer = await operations.offer_of(product.variant_id)

    assert (await operations.add(await a_shopper(), offer, 3)).units == 3


async def test_changing_a_line_counts_and_renews_the_private_version(databases):
    cart = await a_cart({(await a_product()).variant_id: 1})
    before = await pvs(cart.shopper_id)

    changed = await operations.change(cart.shopper_id, cart.items[0].line_id, 5)

    after = await queries.cart_of(cart.shopper_id)
    assert (changed.units, after.units, after.version) == (5, 5, cart.version + 1)
    assert await pvs(cart.shopper_id) == {changed.pv} != before


async def test_changing_a_line_shows_the_price_as_seen(databases):
    product = await a_product(price=1400)
    cart = await a_cart({product.variant_id: 1})
    await reprice(product.variant_id, 1300)

    await operations.change(cart.shopper_id, cart.items[0].line_id, 2)

    assert (await queries.cart_of(cart.shopper_id)).items[0].seen_price == 1300


async def test_a_line_whose_product_is_gone_can_still_be_changed_and_removed(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 3})
    await unpublish(product.id)

    await operations.change(cart.shopper_id, cart.items[0].line_id, 2)
    changed = await aside.remove(cart.shopper_id, cart.items[0].line_id)

    assert changed.units == 0


async def test_somebody_elses_line_is_like_none(databases):
    mine, theirs = await a_cart({(await a_product()).variant_id: 1}), await a_cart({(await a_product()).variant_id: 1})

    for line_id in (theirs.items[0].line_id, new_id(bucket_of(mine.shopper_id))):
        with pytest.raises(operations.NoSuchLine):
            await operations.change(mine.shopper_id, line_id, 2)
        with pytest.raises(operations.NoSuchLine):
            await aside.remove(mine.shopper_id, line_id)

    assert await queries.cart_of(mine.shopper_id) == mine
    assert await queries.cart_of(theirs.shopper_id) == theirs


async def test_of_two_removals_at_once_one_finds_nothing(databases):
    cart = await a_cart({(await a_product()).variant_id: 2})

    answers = await asyncio.gather(
        *(aside.remove(cart.shopper_id, cart.items[0].line_id) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Changed", "NoSuchLine"]


async def test_a_frozen_cart_waits_with_what_is_added_meanwhile(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 1})
    offer = await operations.offer_of(product.variant_id)

    async with writing(cart.shopper_id) as db:
        frozen = await operations.freeze(db, cart.shopper_id)
        adding = await elsewhere(operations.add(cart.shopper_id, offer, 1))
        await asyncio.sleep(0.1)
        assert not adding.done()
        assert await operations.complete(db, *frozen)

    assert (await adding).units == 1  # in a new cart: the frozen one was completed
    assert (await queries.cart_of(cart.shopper_id)).cart_id != cart.cart_id


async def test_a_cart_that_changed_is_not_completed(databases):
    cart = await a_cart({(await a_product()).variant_id: 1})
    await operations.change(cart.shopper_id, cart.items[0].line_id, 2)

    async with writing(cart.shopper_id) as db:
        assert not await operations.complete(db, cart.cart_id, cart.version)

    assert (await queries.cart_of(cart.shopper_id)).units == 2


async def test_after_an_order_an_unchanged_cart_is_empty(databases):
    cart = await a_cart({(await a_product()).variant_id: 2})

    async with writing(cart.shopper_id) as db:
        heir = await operations.clear_ordered(db, cart.shopper_id, **ordered(cart))
    async with writing(cart.shopper_id) as db:
        again = await operations.clear_ordered(db, cart.shopper_id, **ordered(cart))

    assert (heir, again) == (None, None)
    assert await queries.cart_of(cart.shopper_id) is None


async def test_after_an_order_what_was_put_in_meanwhile_stays(databases):
    more, bought, new = [await a_product() for _ in range(3)]
    cart = await a_cart({more.variant_id: 1, bought.variant_id: 2})
    await a_cart({more.variant_id: 3, new.variant_id: 4}, cart.shopper_id)

    async with writing(cart.shopper_id) as db:
        await operations.clear_ordered(db, cart.shopper_id, **ordered(cart))

    left = await queries.cart_of(cart.shopper_id)
    assert left.units == 7
    assert dict(left.lines) == {more.variant_id: 3, new.variant_id: 4}


def ordered(cart: rules.Cart) -> dict:
    return {
        "cart_id": cart.cart_id,
        "version": cart.version,
        "lines": [(item.variant_id, item.quantity, item.personal_text) for item in cart.items],
    }


async def elsewhere(work):
    """Starts `work` as another request would: outside the transaction that is open here."""
    import contextvars

    return asyncio.get_running_loop().create_task(work, context=contextvars.Context())


async def reprice(variant_id, amount: int) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = $2 WHERE variant_id = $1", variant_id, amount)


async def unpublish(product_id) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET status = 'archived' WHERE id = $1", product_id)


async def pvs(shopper_id) -> set[str]:
    async with reading(shopper_id) as db:
        return {row["pv"] for row in await db.fetch("SELECT pv FROM session WHERE shopper_id = $1", shopper_id)}

from __future__ import annotations

import pytest

from app.cart import aside, operations, queries
from app.db.engines import EVERYONE, TALLY, Tally, writing
from tests.cart.test_operations import reprice, unpublish
from tests.makers import a_cart, a_product, a_promotion, a_shipping_method, a_shopper


@pytest.fixture
async def own_methods():
    """Only these ways to deliver, while the test runs."""
    async with writing(EVERYONE) as db:
        stored = await db.fetch("SELECT * FROM shipping_method")
        await db.execute("DELETE FROM shipping_method")
    await a_shipping_method("slow", price=495, free_from=5000)
    await a_shipping_method("fast", price=995)
    yield
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM shipping_method")
        for row in stored:
            names = ", ".join(row.keys())
            places = ", ".join(f"${at}" for at in range(1, len(row) + 1))
            await db.execute(f"INSERT INTO shipping_method ({names}) VALUES ({places})", *row.values())


async def test_someone_who_put_nothing_in_has_an_empty_cart(databases):
    view = await queries.cart_view(await a_shopper())

    assert (view.lines, view.units, view.subtotal, view.currency, view.can_checkout) == ([], 0, 0, "GBP", False)


async def test_a_cart_shows_todays_prices_and_their_sum(databases):
    mug, jug = await a_product(title="Mug", price=1400), await a_product(title="Jug", price=3250)
    cart = await a_cart({mug.variant_id: 2, jug.variant_id: 1})

    view = await queries.cart_view(cart.shopper_id)

    assert [(line.title, line.quantity, line.unit_price, line.line_total) for line in view.lines] == [
        ("Mug", 2, 1400, 2800), ("Jug", 1, 3250, 3250)
    ]  # fmt: skip
    assert (view.units, view.subtotal, view.can_checkout, view.notices) == (3, 6050, True, [])


async def test_a_cart_takes_two_statements_of_the_shard_two_of_the_catalogue_and_two_of_promotions(databases):
    await a_promotion(only=((await a_product()).id,))  # so that somebody asks what products belong to
    cart = await a_cart({(await a_product()).variant_id: 1, (await a_product()).variant_id: 1})
    tally = Tally()
    token = TALLY.set(tally)

    await queries.cart_view(cart.shopper_id)
    TALLY.reset(token)

    assert tally.queries == 6


async def test_from_a_quantity_on_a_unit_costs_less(databases):
    product = await a_product(variants=[{"price": 1400, "breaks": {6: 1250}}])
    cart = await a_cart({product.variant_id: 6})

    view = await queries.cart_view(cart.shopper_id)

    assert (view.lines[0].unit_price, view.subtotal, view.lines[0].notice) == (1250, 7500, None)


async def test_a_changed_price_is_told_and_charged(databases):
    product = await a_product(price=1400)
    cart = await a_cart({product.variant_id: 1})
    await reprice(product.variant_id, 1550)

    view = await queries.cart_view(cart.shopper_id)

    assert view.lines[0].notice == "One was £14.00 when you put it in, now it is £15.50."
    assert (view.subtotal, view.can_checkout, len(view.notices)) == (1550, True, 1)


async def test_what_is_no_longer_sold_blocks_the_checkout_and_is_not_charged(databases):
    gone, stays = await a_product(title="Gone mug"), await a_product(price=500)
    cart = await a_cart({gone.variant_id: 1, stays.variant_id: 1})
    await unpublish(gone.id)

    view = await queries.cart_view(cart.shopper_id)

    assert [(line.title, line.available) for line in view.lines] == [("Gone mug", False), ("Brown teapot", True)]
    assert "no longer sold" in view.lines[0].notice.lower()
    assert (view.subtotal, view.units, view.can_checkout) == (500, 2, False)


async def test_what_the_catalogue_has_forgotten_blocks_the_checkout(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 2})
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM product WHERE id = $1", product.id)

    view = await queries.cart_view(cart.shopper_id)

    assert (view.lines[0].available, view.subtotal, view.units, view.can_checkout) == (False, 0, 2, False)


async def test_what_sold_out_meanwhile_blocks_the_checkout(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 1})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE stock_band SET band = 'out' WHERE variant_id = $1", product.variant_id)

    view = await queries.cart_view(cart.shopper_id)

    assert "sold out" in view.lines[0].notice.lower()
    assert not view.can_checkout


async def test_what_can_no_longer_be_bought_is_not_offered_back(databases):
    product = await a_product()
    cart = await a_cart({product.variant_id: 1})
    line_id = cart.items[0].line_id
    await aside.remove(cart.shopper_id, line_id)

    before = (await queries.cart_view(cart.shopper_id, line_id)).removed
    await unpublish(product.id)
    after = (await queries.cart_view(cart.shopper_id, line_id)).removed

    assert before.item_id == line_id
    assert after is None


async def test_delivery_is_priced_before_the_checkout_and_free_from_its_sum_on(databases, own_methods):
    product = await a_product(price=1000)
    cart = await a_cart({product.variant_id: 1})
    [line] = cart.items

    little = await queries.cart_view(cart.shopper_id)
    await operations.change(cart.shopper_id, line.line_id, 5)
    much = await queries.cart_view(cart.shopper_id)

    assert [(each.code, each.price) for each in little.delivery] == [("slow", 495), ("fast", 995)]
    assert little.free_shipping_left == 4000
    assert [(each.code, each.price) for each in much.delivery] == [("slow", 0), ("fast", 995)]
    assert much.free_shipping_left == 0


async def test_where_nothing_is_ever_free_nothing_is_said_of_it(databases, own_methods):
    cart = await a_cart({(await a_product()).variant_id: 1})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET free_from = NULL")

    assert (await queries.cart_view(cart.shopper_id)).free_shipping_left is None


async def test_a_price_that_was_accepted_is_no_news_any_more(databases):
    product, gone = await a_product(price=1400), await a_product(price=500)
    cart = await a_cart({product.variant_id: 1, gone.variant_id: 1})
    await reprice(product.variant_id, 1550)
    before = await queries.cart_view(cart.shopper_id)

    await aside.accept_prices(cart.shopper_id)
    after = await queries.cart_view(cart.shopper_id)

    assert (before.repriced, after.repriced) == (True, False)
    assert after.notices == []
    assert (await queries.cart_of(cart.shopper_id)).version == cart.version

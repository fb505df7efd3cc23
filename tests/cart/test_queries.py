from __future__ import annotations

from app.cart import operations, queries
from app.db.engines import EVERYONE, TALLY, Tally, writing
from tests.cart.test_operations import reprice, unpublish
from tests.makers import a_cart, a_product, a_promotion, a_shopper


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


async def test_a_cart_takes_two_statements_of_the_shard_one_of_the_catalogue_and_two_of_promotions(databases):
    await a_promotion(only=((await a_product()).id,))  # so that somebody asks what products belong to
    cart = await a_cart({(await a_product()).variant_id: 1, (await a_product()).variant_id: 1})
    tally = Tally()
    token = TALLY.set(tally)

    await queries.cart_view(cart.shopper_id)
    TALLY.reset(token)

    assert tally.queries == 5


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

    assert "£14.00 to £15.50" in view.lines[0].notice
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


async def test_what_was_just_removed_can_be_put_back_until_it_is(databases):
    product = await a_product(title="Mug")
    cart = await a_cart({product.variant_id: 3})
    await operations.remove(cart.shopper_id, cart.items[0].line_id)
    taken = (product.variant_id, 3)

    removed = (await queries.cart_view(cart.shopper_id, taken)).removed
    await a_cart({product.variant_id: 3}, cart.shopper_id)

    assert (removed.title, removed.quantity) == ("Mug", 3)
    assert (await queries.cart_view(cart.shopper_id, taken)).removed is None


async def test_what_can_no_longer_be_bought_is_not_offered_back(databases):
    product = await a_product(band="out")

    view = await queries.cart_view(await a_shopper(), (product.variant_id, 1))

    assert view.removed is None

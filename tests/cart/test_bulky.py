from __future__ import annotations

import pytest

from app.cart import queries
from app.catalog.queries import variant_panel
from app.db.engines import EVERYONE, writing
from app.edge import tags
from app.orders.queries import order_of
from tests.cart.browsing import shopper_of
from tests.checkout.walk import place, to_review, token_of, words_of
from tests.knobs import Scripted, provider
from tests.makers import AProduct, a_cart, a_product, a_promotion, a_shipping_method

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
async def ways(own_database) -> None:
    """Standard is free from 60.00 and carries what is bulky for 30.00 more; express carries parcels only."""
    await a_shipping_method("standard", price=495, free_from=6000)
    await a_shipping_method("express", price=995)
    async with writing(EVERYONE) as db:
        await db.execute(
            "UPDATE shipping_method SET bulky_extra = 3000, min_days = 2, max_days = 4 WHERE code = 'standard'"
        )
        await db.execute(
            "UPDATE shipping_method SET bulky_extra = NULL, min_days = 1, max_days = 1 WHERE code = 'express'"
        )


async def a_rug() -> AProduct:
    return await a_product(title="Kite rug", price=14500, shipping_class="bulky")


async def test_a_bulky_product_says_what_its_delivery_costs_and_a_parcel_says_nothing(shop) -> None:
    rug, mug = await a_rug(), await a_product()

    page = (await shop.get(rug.url)).text
    panel = await variant_panel(rug.slug, {})

    assert "Bulky: delivery costs £34.95 or more an order" in page
    assert panel and panel.arrives and (panel.arrives.last - panel.arrives.first).days >= 1, "the way that carries it"
    assert tags.bulky() in panel.tags
    assert 'data-testid="bulky"' not in (await shop.get(mug.url)).text


async def test_one_bulky_thing_costs_it_once_and_leaves_the_ways_that_carry_it() -> None:
    rug, mug = await a_rug(), await a_product(price=1400)

    view = await queries.cart_view((await a_cart({rug.variant_id: 2, mug.variant_id: 3})).shopper_id)

    assert [(way.code, way.price, way.bulky) for way in view.delivery] == [("standard", 3495, 3000)]
    assert view.free_shipping_left is None, "there is no sum from which it is free"


async def test_parcels_are_delivered_as_ever() -> None:
    mug = await a_product(price=1400)

    view = await queries.cart_view((await a_cart({mug.variant_id: 5})).shopper_id)

    assert [(way.code, way.price, way.bulky) for way in view.delivery] == [("standard", 0, 0), ("express", 995, 0)]
    assert view.free_shipping_left == 0


async def test_a_promotion_of_free_delivery_covers_it_too() -> None:
    from app.promotions.terms import Delivery

    rug = await a_rug()
    promotion = await a_promotion(Delivery(), code="CARRYIT")
    cart = await a_cart({rug.variant_id: 1})
    async with writing(cart.shopper_id) as db:
        await db.execute("UPDATE cart SET code = $2 WHERE shopper_id = $1", cart.shopper_id, promotion.code)

    view = await queries.cart_view(cart.shopper_id)

    assert [(way.price, way.bulky) for way in view.delivery] == [(0, 0)] and view.free_shipping_left == 0


async def test_the_checkout_shows_and_charges_it(shop) -> None:
    rug = await a_rug()
    page = await to_review(shop, {rug.variant_id: 1})
    choices = words_of(await shop.get("/checkout/shipping"))

    with provider(Scripted()):
        answer = await place(shop, token_of(page))

    assert "£30.00 of it for what is bulky" in choices and "Express" not in choices
    assert "£34.95" in page.text and "£179.95" in page.text
    order = await order_of(await shopper_of(shop), answer.headers["location"].rpartition("/")[2])
    assert order and (order.totals.shipping, order.totals.total) == (3495, 17995)


async def test_a_price_that_changes_before_placing_is_asked_again(shop) -> None:
    promised = token_of(await to_review(shop, {(await a_rug()).variant_id: 1}))
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET bulky_extra = 3500 WHERE code = 'standard'")

    answer = await place(shop, promised)

    assert answer.status_code == 409 and "£34.95 → Standard, £39.95" in words_of(answer)


async def test_what_no_way_carries_is_said(shop) -> None:
    rug = await a_rug()
    await to_review(shop, {rug.variant_id: 1})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET bulky_extra = NULL")

    assert "none of our ways to deliver carries it now" in (await shop.get(rug.url)).text
    assert "take out what is bulky" in (await shop.get("/checkout/shipping")).text

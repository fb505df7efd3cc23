"""An order is in the shop's currency, and its sum one that can be paid."""

from __future__ import annotations

import msgspec
import pytest

from app.cart.queries import cart_of
from app.db.engines import EVERYONE, writing
from app.orders import promise, quotes
from tests.cart.browsing import shopper_of
from tests.checkout.walk import fill_cart, place, to_review, to_token, words_of
from tests.knobs import knobs
from tests.makers import a_placing, a_product
from tests.orders.books import orders_from

pytestmark = pytest.mark.usefixtures("databases")


async def in_yen(product) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET currency = 'JPY' WHERE id = $1", product.id)
        await db.execute("UPDATE price SET currency = 'JPY' WHERE variant_id = $1", product.variant_id)


async def test_what_is_priced_in_another_currency_can_not_be_put_in_a_cart(shop) -> None:
    product = await a_product()
    await in_yen(product)

    answer = await shop.post("/cart/lines", data={"variant_id": str(product.variant_id), "quantity": "1"})

    assert answer.status_code == 422
    assert "not in this shop's currency" in words_of(answer)


async def test_a_cart_of_two_currencies_says_so_and_is_not_added_up(shop) -> None:
    pounds, yen = await a_product(price=1000), await a_product(price=1500)
    await fill_cart(shop, {yen.variant_id: 1, pounds.variant_id: 1})
    await in_yen(yen)

    page = await shop.get("/cart")
    checkout = await shop.get("/checkout")

    assert "Its price is not in this shop's currency. Please remove it to go on." in words_of(page)
    assert "£10.00" in words_of(page) and "25.00" not in words_of(page)
    assert checkout.headers["location"] == "/cart"


async def test_a_currency_that_changed_at_the_last_moment_places_nothing_and_says_why(shop) -> None:
    product = await a_product()
    token = await to_token(shop, {product.variant_id: 1, (await a_product()).variant_id: 1})
    await in_yen(product)

    answer = await place(shop, token)
    cart = await cart_of(await shopper_of(shop))

    assert answer.status_code == 409 and "not in this shop's currency" in words_of(answer)
    assert cart and await orders_from(cart.cart_id) == []


async def test_no_order_comes_about_over_two_currencies() -> None:
    ask = await a_placing({(await a_product()).variant_id: 1, (await a_product()).variant_id: 1})
    one, other = ask.quote.lines
    mixed = msgspec.structs.replace(ask.quote, lines=(one, msgspec.structs.replace(other, currency="JPY")))

    with pytest.raises(quotes.OtherCurrency):
        await promise.promise(msgspec.structs.replace(ask, quote=mixed))

    assert await orders_from(ask.cart_id) == []


async def test_a_sum_too_small_to_be_paid_is_told_before_anybody_tries(shop) -> None:
    product = await a_product(price=1)
    with knobs(payment_provider="stripe", stripe_key="k", stripe_webhook_secret="w", pay_origins="https://pay.example"):
        dear = await to_review(shop, {product.variant_id: 1})
        async with writing(EVERYONE) as db:
            await db.execute("UPDATE shipping_method SET price = 20 WHERE code = 'standard'")
        try:
            small = await shop.get("/checkout/review")
            placed = await place(shop, dear.text.split('name="token" value="')[1].split('"')[0])
        finally:
            async with writing(EVERYONE) as db:
                await db.execute("UPDATE shipping_method SET price = 390 WHERE code = 'standard'")
        cart = await cart_of(await shopper_of(shop))

    for page in (small, placed):
        assert "£0.21 is too little to pay by card: it takes £0.30 or more." in words_of(page)
        assert "place-order" not in page.text
    assert (small.status_code, placed.status_code) == (200, 409)
    assert cart and cart.units == 1 and await orders_from(cart.cart_id) == []

from __future__ import annotations

import httpx

from app.db.engines import writing
from app.inventory import operations as inventory
from tests.checkout.walk import DETAILS, fill_cart, place, to_review, to_token, token_of, words_of
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, a_shipping_method
from tests.orders.books import to_page


async def test_every_step_says_how_many_are_left_before_anything_is_typed(shop: httpx.AsyncClient) -> None:
    await a_shipping_method()
    product = await a_product(title="Pell mug", variants=[{"stock": 9}])
    await fill_cart(shop, {product.variant_id: 9})
    first = await shop.get("/checkout")
    await inventory.adjust(product.variant_id, -5)

    short = await shop.get("/checkout")
    await shop.post("/checkout/details", data=DETAILS)
    shipping = await shop.get("/checkout/shipping")
    await shop.post("/checkout/shipping", data={"shipping_code": "standard"})
    review = await shop.get("/checkout/review")
    taken = await shop.post("/checkout/left")
    after = await shop.get(taken.headers["location"])

    assert "left" not in words_of(first)
    for page in (short, shipping, review):
        assert "Pell mug: Only 4 are left, you asked for 9." in words_of(page)
        assert "Take 4" in words_of(page)
    assert 'name="token"' not in review.text
    assert "4 ×" in words_of(after) and token_of(after)


async def test_who_is_refused_at_placing_reads_how_many_are_left_and_one_press_takes_them(
    shop: httpx.AsyncClient,
) -> None:
    product = await a_product(title="Pell mug", variants=[{"stock": 50}])
    token = await to_token(shop, {product.variant_id: 50})
    await inventory.adjust(product.variant_id, -41)

    refused = await place(shop, token)
    order = await shop.get((await place(shop, token)).headers["location"])
    taken = await shop.post("/checkout/left")
    review = await shop.get(taken.headers["location"])
    with knobs(payment_provider="instant"):
        placed = await place(shop, token_of(review))

    assert refused.status_code == 409
    assert "Pell mug: Only 9 are left, you asked for 50." in words_of(refused)
    assert "Nothing was charged" in words_of(refused) and 'name="token"' not in refused.text
    assert "Not enough is left" in words_of(order)
    assert "Pell mug: only 9 are left, you asked for 50." in words_of(order)
    assert shop.cookies["cc_8080"] == "0" or "9 ×" in words_of(review)
    assert (placed.status_code, "/orders/" in placed.headers["location"]) == (303, True)


async def test_one_press_goes_on_without_what_is_gone_even_before_pages_know(shop: httpx.AsyncClient) -> None:
    gone, other = await a_product(title="Lamp", variants=[{"stock": 0, "band": "few"}]), await a_product(title="Mug")
    token = await to_token(shop, {gone.variant_id: 1, other.variant_id: 2})

    refused = await place(shop, token)
    taken = await shop.post("/checkout/left")
    review = await shop.get(taken.headers["location"])
    with provider(Scripted(to_page)):
        placed = await place(shop, token_of(review))

    assert "Lamp: None is left." in words_of(refused) and "Go on without it" in words_of(refused)
    assert "Lamp" not in review.text
    assert placed.headers["location"] == "/their/page"


async def test_when_all_of_it_is_gone_the_press_leads_to_an_empty_cart(shop: httpx.AsyncClient) -> None:
    gone = await a_product(variants=[{"stock": 0, "band": "few"}])
    await place(shop, await to_token(shop, {gone.variant_id: 1}))

    taken = await shop.post("/checkout/left")
    review = await shop.get(taken.headers["location"])

    assert review.headers["location"] == "/cart"
    assert "nothing in your cart" in (await shop.get("/cart")).text


async def test_the_press_changes_nothing_when_there_is_enough_again(shop: httpx.AsyncClient) -> None:
    product = await a_product(variants=[{"stock": 3}])
    await to_review(shop, {product.variant_id: 3})
    async with writing(product.variant_id) as db:
        await db.execute("UPDATE stock SET reserved = 1 WHERE variant_id = $1", product.variant_id)
    short = await shop.get("/checkout/review")
    async with writing(product.variant_id) as db:
        await db.execute("UPDATE stock SET reserved = 0 WHERE variant_id = $1", product.variant_id)

    await shop.post("/checkout/left")

    assert "Only 2 are left, you asked for 3." in words_of(short)
    assert "3 ×" in words_of(await shop.get("/checkout/review"))

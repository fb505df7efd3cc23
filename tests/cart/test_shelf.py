from __future__ import annotations

import asyncpg

from app.cart import queries
from app.inventory import queries as stock
from tests.cart.browsing import HTMX, line_ids, put_in, shopper_of
from tests.cart.test_texts import RULE
from tests.checkout.walk import place, to_token, words_of
from tests.knobs import Scripted, provider
from tests.makers import a_product
from tests.orders.books import to_page


async def test_more_than_there_is_is_told_in_the_cart_with_a_button_that_takes_what_is(shop) -> None:
    product = await a_product(title="Pell mug", variants=[{"stock": 9}])
    await put_in(shop, product, 50)

    page = await shop.get("/cart")
    [line_id] = line_ids(page.text)
    taken = await shop.post(f"/cart/lines/{line_id}", data={"quantity": "9"})
    after = await shop.get(taken.headers["location"])

    assert "Only 9 are left, you asked for 50." in words_of(page)
    assert '<input type="hidden" name="quantity" value="9">' in page.text and "Take 9" in words_of(page)
    assert 'data-testid="checkout-start"' not in page.text
    assert 'data-testid="checkout-start"' in after.text and "left" not in words_of(after)


async def test_changing_a_line_to_more_than_there_is_is_answered_with_what_is_left(shop) -> None:
    product = await a_product(variants=[{"stock": 9}])
    await put_in(shop, product, 2)
    [line_id] = line_ids((await shop.get("/cart")).text)

    answer = await shop.post(f"/cart/lines/{line_id}", data={"quantity": "10"}, headers=HTMX)

    assert "Only 9 are left, you asked for 10." in words_of(answer)


async def test_no_number_is_said_or_looked_up_while_there_is_enough(shop, monkeypatch) -> None:
    one, several = await a_product(variants=[{"stock": 1, "band": "few"}]), await a_product(variants=[{"stock": 9}])
    await put_in(shop, one)
    asked = []

    async def too_few(wanted, **besides):
        asked.append((set(wanted), besides))
        return {}

    alone = await shop.get("/cart")
    monkeypatch.setattr(stock, "too_few", too_few)
    await shop.get("/cart")
    await put_in(shop, several, 9)
    asked.clear()
    together = await shop.get("/cart")

    assert asked == [({several.variant_id}, {})]
    assert "you asked" not in words_of(alone) and "you asked" not in words_of(together)


async def test_lines_of_one_variant_share_what_is_left_and_the_first_is_served_first(shop) -> None:
    product = await a_product(variants=[{"stock": 9}], personalisation=RULE)
    for text in ("ABC", "DEF"):
        await shop.post(
            "/cart/lines", data={"variant_id": str(product.variant_id), "quantity": "6", "personal_text": text}
        )

    view = await queries.cart_view(await shopper_of(shop))

    assert [(line.personal_text, line.left) for line in view.lines] == [("ABC", None), ("DEF", 3)]


async def test_what_the_carts_own_unpaid_order_holds_is_there_for_it(shop) -> None:
    product = await a_product(variants=[{"stock": 9}])
    token = await to_token(shop, {product.variant_id: 5})
    with provider(Scripted(to_page)):
        await place(shop, token)

    page = await shop.get("/cart")

    assert "left" not in words_of(page) and 'data-testid="checkout-start"' in page.text


async def test_a_shelf_that_does_not_answer_leaves_the_cart_as_it_is(shop, monkeypatch) -> None:
    product = await a_product(title="Pell mug", variants=[{"stock": 9}])
    await put_in(shop, product, 50)

    async def away(wanted, **besides):
        raise asyncpg.CannotConnectNowError

    monkeypatch.setattr(stock, "too_few", away)
    page = await shop.get("/cart")

    assert page.status_code == 200 and "Pell mug" in page.text

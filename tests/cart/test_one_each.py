"""What is one per customer: a cart takes one of it, and says so when it came to hold more."""

from __future__ import annotations

import pytest

from app.cart import operations, queries
from app.cart.one_each import OneEach
from app.db.engines import EVERYONE, writing
from tests.cart.browsing import HTMX, line_ids, put_in, rows
from tests.checkout.walk import words_of
from tests.makers import a_cart, a_product, a_shopper

pytestmark = pytest.mark.usefixtures("databases")


async def a_pair(shopper_id=None, **more):
    """A cart with one of each of two variants of a product that became one per customer since."""
    product = await a_product(variants=[{}, {}], **more)
    cart = await a_cart({each.id: 1 for each in product.variants}, shopper_id)
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET one_each = true WHERE id = $1", product.id)
    return product, cart


@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_asking_for_two_is_told_beside_the_field_and_changes_nothing(shop, headers) -> None:
    product = await a_product(one_each=True)
    before = await rows()

    answer = await put_in(shop, product, 2, headers=headers)

    assert answer.status_code == 422 and "One per customer." in words_of(answer)
    assert ('name="quantity"' in answer.text) is not bool(headers)  # without htmx it is asked again
    assert "set-cookie" not in answer.headers and await rows() == before


async def test_another_variant_of_it_is_another_one(shop) -> None:
    product = await a_product(variants=[{}, {}], one_each=True)
    await put_in(shop, product)

    again = await shop.post("/cart/lines", data={"variant_id": str(product.variants[1].id), "quantity": "1"})

    assert again.status_code == 422
    assert "One per customer. With this your cart would hold 2." in words_of(again)
    assert shop.cookies["cc_8080"] == "1"


@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_line_of_it_can_not_be_changed_to_two(shop, headers) -> None:
    await put_in(shop, await a_product(one_each=True))
    page = await shop.get("/cart")
    [line_id] = line_ids(page.text)

    answer = await shop.post(f"/cart/lines/{line_id}", data={"quantity": "2"}, headers=headers)

    assert 'max="1" value="1"' in page.text
    assert answer.status_code == 422 and "One per customer." in words_of(answer)
    assert shop.cookies["cc_8080"] == "1"


async def test_who_adds_twice_at_once_has_one() -> None:
    product, shopper_id = await a_product(one_each=True), await a_shopper()
    offer = await operations.offer_of(product.variant_id)
    await operations.add(shopper_id, offer, 1)

    with pytest.raises(OneEach):
        await operations.add(shopper_id, offer, 1)

    cart = await queries.cart_of(shopper_id)
    assert cart and cart.units == 1


async def test_a_cart_that_came_to_hold_two_says_so_and_takes_the_first() -> None:
    _, cart = await a_pair()

    view = await queries.cart_view(cart.shopper_id)

    assert [(line.over, line.left, line.too_few) for line in view.lines] == [
        (False, None, ""),
        (True, 0, "One per customer. Another line is of the same."),
    ]
    assert not view.can_checkout


async def test_what_is_left_on_the_shelf_is_said_beside_it() -> None:
    plenty = await a_product(variants=[{"stock": 3}])
    shopper_id = (await a_cart({plenty.variant_id: 5})).shopper_id
    await a_pair(shopper_id)

    view = await queries.cart_view(shopper_id)

    assert [line.left for line in view.lines] == [3, None, 0]
    assert [line.too_few for line in view.lines if line.over] == ["One per customer. Another line is of the same."]


async def test_the_products_page_says_so_beside_the_button_and_asks_for_no_number(shop) -> None:
    drop, other = await a_product(one_each=True), await a_product()

    page, plain = await shop.get(drop.url), await shop.get(other.url)

    assert "One per customer" in words_of(page) and 'data-testid="line-quantity"' not in page.text
    assert '<input type="hidden" name="quantity" value="1">' in page.text
    assert "One per customer" not in words_of(plain) and 'data-testid="line-quantity"' in plain.text

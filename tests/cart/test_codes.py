from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.cart import codes, queries, rules
from app.promotions.terms import Cheapest, Delivery, Fixed, Percent
from app.promotions.words import TOO_OFTEN, UNKNOWN
from app.values import now
from tests.cart.browsing import put_in
from tests.checkout.walk import words_of
from tests.makers import a_cart, a_product, a_promotion, unique

pytestmark = pytest.mark.usefixtures("databases")
DAY = timedelta(days=1)


def a_code() -> str:
    return unique("CODE").upper()


def total_of(page) -> float:
    """The cart's total, in pounds: with the cheapest delivery there is."""
    return float(re.search(r'data-testid="cart-total">(?:from )?£([0-9.]+)<', page.text)[1])


async def type_in(shop, code: str):
    return await shop.post("/cart/code", data={"code": code})


async def test_a_code_takes_something_off_until_it_is_taken_out(shop):
    product = await a_product(price=2000)
    promotion = await a_promotion(Percent(basis_points=1000), code=a_code(), title="Ten for you")
    await put_in(shop, product, 2)

    answer = await type_in(shop, f" {promotion.code.lower()} ")
    page = await shop.get("/cart")
    await type_in(shop, "")
    without = await shop.get("/cart")

    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    assert f"Ten for you {promotion.code} −£4.00" in words_of(page)
    assert total_of(without) - total_of(page) == 4
    assert promotion.code not in without.text


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"state": "draft"}, UNKNOWN),
        ({"state": "ended"}, "This code has ended."),
        ({"ends_at": now() - DAY}, "This code ended on"),
        ({"starts_at": now() + DAY}, "This code works from"),
        ({"markets": ("de",)}, "another country"),
        ({"currency": "EUR"}, "another country"),
        ({"most_uses": 0}, "has been used up"),
    ],
)
async def test_a_code_that_can_not_work_is_refused_in_words_and_kept_in_its_field(shop, about, says):
    promotion = await a_promotion(code=a_code(), **about)
    await put_in(shop, await a_product())

    answer = await type_in(shop, promotion.code)

    assert answer.status_code == 422
    assert says in words_of(answer)
    assert f'value="{promotion.code}"' in answer.text
    assert 'data-testid="code"' not in (await shop.get("/cart")).text


@pytest.mark.parametrize("typed", ["NO-SUCH-CODE", "'; DROP TABLE cart; --", "<script>x</script>", "ü" * 500, "-"])
async def test_whatever_is_no_code_of_ours_gets_the_same_words(shop, typed):
    await put_in(shop, await a_product())

    answer = await type_in(shop, typed)

    assert answer.status_code == 422
    assert UNKNOWN in words_of(answer)
    assert "<script>x" not in answer.text


async def test_a_code_that_lacks_something_stays_and_says_what(shop):
    wanted, other = await a_product(price=2000), await a_product(price=500)
    promotion = await a_promotion(Fixed(amount=500), code=a_code(), minimum=4420, only=(wanted.id,))
    await put_in(shop, other)
    await type_in(shop, promotion.code)
    nothing = words_of(await shop.get("/cart"))
    await put_in(shop, wanted, 2)
    some = words_of(await shop.get("/cart"))
    await put_in(shop, wanted, 1)
    enough = words_of(await shop.get("/cart"))

    assert "not for anything in your cart" in nothing
    assert "Add £4.20 more of what it is for" in some
    assert "−£5.00" in enough


async def test_categories_above_a_product_and_collections_that_hold_it_count():
    from tests.makers import a_category, a_collection

    table = await a_category(title="Table")
    mug = await a_product(price=1000, category=await a_category(title="Mugs", parent=table))
    jug = await a_product(price=1000)
    chosen = await a_collection(products=[jug])
    lamp = await a_product(price=1000)
    promotion = await a_promotion(Percent(basis_points=5000), code=a_code(), only=(table.id, chosen.id))
    cart = await a_cart({each.variant_id: 1 for each in (mug, jug, lamp)})

    await codes.enter(cart.shopper_id, promotion.code)
    view = await queries.cart_view(cart.shopper_id)

    assert [each.amount for each in view.discounts] == [1000]
    assert view.total == 2000


async def test_automatic_offers_need_no_code_and_free_delivery_is_not_a_discount_on_goods(shop):
    product = await a_product(price=2000)
    await a_promotion(Fixed(amount=300), only=(product.id,), title="Autumn")
    await a_promotion(Delivery(), only=(product.id,), title="Free delivery")
    await put_in(shop, product)

    page = words_of(await shop.get("/cart"))

    assert "Autumn −£3.00" in page
    assert "£17.00" in page


async def test_a_code_that_loses_says_so():
    product = await a_product(price=2000)
    await a_promotion(Fixed(amount=900), only=(product.id,))
    loser = await a_promotion(Fixed(amount=800), code=a_code(), combines=False)
    cart = await a_cart({product.variant_id: 1})

    await codes.enter(cart.shopper_id, loser.code)
    view = await queries.cart_view(cart.shopper_id)

    assert [each.amount for each in view.discounts] == [900]
    assert view.code is not None and "other offers save you more" in view.code.says


async def test_codes_can_not_be_guessed_by_trying_many():
    cart = await a_cart({(await a_product()).variant_id: 1})
    real = await a_promotion(code=a_code())

    for _ in range(rules.CODES):
        with pytest.raises(codes.CodeRefused):
            await codes.enter(cart.shopper_id, "GUESS")
    with pytest.raises(codes.TooManyCodes):
        await codes.enter(cart.shopper_id, real.code)


async def test_too_many_codes_are_refused_on_the_page(shop):
    await put_in(shop, await a_product())

    answers = [await type_in(shop, "GUESS") for _ in range(rules.CODES + 1)]

    assert {each.status_code for each in answers[:-1]} == {422}
    assert (answers[-1].status_code, TOO_OFTEN in words_of(answers[-1])) == (429, True)


async def test_nobody_without_a_cart_can_ask_about_codes(shop):
    promotion = await a_promotion(code=a_code())

    answer = await type_in(shop, promotion.code)

    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    assert "set-cookie" not in answer.headers


async def test_the_cart_says_what_little_is_missing_for_an_offer_that_applies_by_itself(shop):
    pencil = await a_product(price=300)
    lamp = await a_product(price=4000)
    await a_promotion(Cheapest(buy=2, get=1), only=(pencil.id,), title="3 for 2 on pencils")
    await a_promotion(Percent(basis_points=1000), only=(lamp.id,), minimum=10_000, title="Two lamps")
    await put_in(shop, pencil, 1)
    one = await shop.get("/cart")
    await put_in(shop, pencil, 1)
    await put_in(shop, lamp, 1)
    two = await shop.get("/cart")
    await put_in(shop, pencil, 1)
    await put_in(shop, lamp, 1)
    three = await shop.get("/cart")

    assert "nearly" not in one.text
    assert "3 for 2 on pencils: one more, and the cheapest is free." in words_of(two)
    assert "Two lamps" not in words_of(two)
    assert "one more" not in words_of(three) and "3 for 2 on pencils −£3.00" in words_of(three)
    assert "Two lamps: £20.00 more of what it is for, and it is yours." in words_of(three)

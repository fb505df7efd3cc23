"""Every sum that is shown adds up, and says what is in it."""

from __future__ import annotations

import re

import pytest

from app.promotions.queries import Percent
from tests.cart.browsing import HTMX, put_in
from tests.cart.test_codes import a_code, type_in
from tests.cart.test_operations import unpublish
from tests.checkout.walk import DETAILS, words_of
from tests.makers import a_product, a_promotion, a_shipping_method


def summary_of(page) -> list[int]:
    """The amounts of the cart's summary from the goods to the total, in pence."""
    rows = re.search(r'<dl class="sums wide">.*?</dl>', page.text, re.S)[0]
    amounts = re.findall(r"(−?)£([0-9]+)\.([0-9]{2})", rows.replace(",", ""))
    return [int(pounds + pence) * (-1 if minus else 1) for minus, pounds, pence in amounts]


@pytest.fixture(autouse=True)
async def ways(databases):
    await a_shipping_method("standard", price=390)
    await a_shipping_method("express", price=995)


async def test_the_carts_total_is_all_that_stands_above_it(shop):
    promotion = await a_promotion(Percent(basis_points=1000), code=a_code(), title="Ten for you")
    await put_in(shop, await a_product(price=1000), 2)
    await type_in(shop, promotion.code)

    page = await shop.get("/cart")
    shown = summary_of(page)

    assert shown[:2] == [2000, -200] and len(shown) == 4
    assert sum(shown[:-1]) == shown[-1]
    assert "Total from £" in words_of(page)


async def test_what_cannot_be_bought_is_neither_summed_nor_counted(shop):
    gone = await a_product(price=5000)
    await put_in(shop, await a_product(price=1000), 2)
    await put_in(shop, gone, 3)
    await unpublish(gone.id)

    page = await shop.get("/cart")

    assert "2 items £20.00" in words_of(page)


async def test_sums_before_delivery_say_so(shop):
    mini = await put_in(shop, await a_product(price=1400), 2, headers=HTMX)
    first = await shop.get("/checkout")
    await shop.post("/checkout/details", data=DETAILS)
    await shop.post("/checkout/shipping", data={"shipping_code": "standard"})
    last = await shop.get("/checkout/review")

    assert "2 items before delivery £28.00" in words_of(mini)
    assert "Total before delivery £28.00" in words_of(first)
    assert "Delivery £3.90 Total £31.90" in words_of(last)

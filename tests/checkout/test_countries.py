"""An address sees the ways that reach it, and no country is offered that none does."""

from __future__ import annotations

import re

import httpx
import pytest

from app.db.engines import EVERYONE, writing
from app.ops import verify
from tests.checkout.walk import DETAILS, fill_cart, place, token_of, words_of
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, a_shipping_method
from tests.orders.books import to_page
from tests.outboxes import settle

pytestmark = pytest.mark.usefixtures("own_database")
FRENCH = DETAILS | {"country": "FR", "postcode": "75011", "city": "Paris"}


@pytest.fixture(autouse=True)
async def ways(own_database: str) -> None:
    await a_shipping_method("standard", price=495, free_from=6000, countries=["GB"])
    await a_shipping_method("europe", price=1495, countries=["IE", "FR"])


def ways_in(page: httpx.Response) -> list[str]:
    return re.findall(r'name="shipping_code" value="([^"]+)"', page.text)


def countries_in(page: httpx.Response) -> list[str]:
    return re.findall(r'<option value="([A-Z]{2})"', page.text)


async def test_an_address_sees_the_ways_that_reach_it_at_their_price(shop: httpx.AsyncClient) -> None:
    await fill_cart(shop, {(await a_product()).variant_id: 1})
    await shop.post("/checkout/details", data=FRENCH)

    abroad = await shop.get("/checkout/shipping")
    refused = await shop.post("/checkout/shipping", data={"shipping_code": "standard"})
    await shop.post("/checkout/shipping", data={"shipping_code": "europe"})
    review = await shop.get("/checkout/review")
    await shop.post("/checkout/details", data=DETAILS)
    moved = await shop.get("/checkout/review")
    here = await shop.get("/checkout/shipping")

    assert (ways_in(abroad), ways_in(here)) == (["europe"], ["standard"])
    assert refused.status_code == 422
    assert "Delivery £14.95" in words_of(review)
    assert moved.headers["location"] == "/checkout/shipping"


@pytest.mark.parametrize(("rates", "tax"), [("GB=20", False), ("GB=20, FR=10", True)])
async def test_what_leaves_the_country_has_the_tax_of_where_it_goes(
    shop: httpx.AsyncClient, rates: str, tax: bool
) -> None:
    await fill_cart(shop, {(await a_product(price=1000)).variant_id: 1})
    await shop.post("/checkout/details", data=DETAILS)
    await shop.post("/checkout/shipping", data={"shipping_code": "standard"})
    at_home = words_of(await shop.get("/checkout/review"))
    with knobs(vat=rates), provider(Scripted()):
        await shop.post("/checkout/details", data=FRENCH)
        await shop.post("/checkout/shipping", data={"shipping_code": "europe"})
        review = await shop.get("/checkout/review")
        answer = await place(shop, token_of(review))
    order = await shop.get(answer.headers["location"])
    await settle()

    assert "of which VAT £2.49" in at_home
    for page in (words_of(review), words_of(order)):
        assert "Total £24.95" in page, "the price is the same wherever it goes"
        assert ("of which VAT £2.27" in page) == tax
        assert ("Without VAT of ours" in page) != tax
    assert [broken for broken in await verify.violations({}) if "tax" in broken] == []


async def test_a_country_that_no_way_reaches_is_not_offered_nor_taken(shop: httpx.AsyncClient) -> None:
    await fill_cart(shop, {(await a_product()).variant_id: 1})

    page = await shop.get("/checkout")
    german = await shop.post("/checkout/details", data=FRENCH | {"country": "DE", "postcode": "10115"})

    assert countries_in(page) == ["GB", "IE", "FR"]
    assert german.status_code == 422 and "We do not deliver there." in words_of(german)


async def test_what_is_bulky_goes_where_its_way_goes(shop: httpx.AsyncClient) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET bulky_extra = 3000 WHERE code = 'standard'")
    await fill_cart(shop, {(await a_product(shipping_class="bulky")).variant_id: 1})

    page = await shop.get("/checkout")

    assert countries_in(page) == ["GB"]
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET bulky_extra = NULL")


async def test_a_way_that_stops_going_there_meanwhile_is_not_charged(shop: httpx.AsyncClient) -> None:
    await fill_cart(shop, {(await a_product()).variant_id: 1})
    await shop.post("/checkout/details", data=FRENCH)
    await shop.post("/checkout/shipping", data={"shipping_code": "europe"})
    token = token_of(await shop.get("/checkout/review"))
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET countries = '{IE}' WHERE code = 'europe'")

    with provider(Scripted(to_page)):
        answer = await place(shop, token)
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET countries = '{IE,FR}' WHERE code = 'europe'")

    assert answer.headers["location"] == "/checkout/shipping"


async def test_the_cart_names_the_way_that_is_free(shop: httpx.AsyncClient) -> None:
    await fill_cart(shop, {(await a_product(price=2000)).variant_id: 1})

    little = words_of(await shop.get("/cart"))
    await fill_cart(shop, {(await a_product(price=2000)).variant_id: 2})
    much = words_of(await shop.get("/cart"))

    assert "£40.00 more for free delivery, Standard" in little
    assert "Standard delivery is free" in much and "Total from £60.00" not in little


async def test_where_no_way_goes_there_is_no_button_that_can_not_help(shop: httpx.AsyncClient) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE shipping_method SET bulky_extra = 3000 WHERE code = 'standard'")
    await fill_cart(shop, {(await a_product()).variant_id: 1})
    await shop.post("/checkout/details", data=FRENCH)
    await fill_cart(shop, {(await a_product(shipping_class="bulky")).variant_id: 1})

    page = await shop.get("/checkout/shipping")
    step = page.text.partition("<fieldset")[2].partition("</form>")[0]

    assert ways_in(page) == [] and "take out what is bulky" in step
    assert "<button" not in step
    assert all(f'href="{to}"' in step for to in ("/cart", "/checkout", "/contact"))

from __future__ import annotations

import re

import httpx

from app.inventory import operations as inventory
from tests.cart.browsing import put_in
from tests.checkout.walk import DETAILS, fill_cart, words_of
from tests.makers import a_product, a_shipping_method
from tests.members.people import sign_up

HOME = {"name": "Ada Lovelace", "line1": "12 Long Lane", "city": "York", "postcode": "yo17aa", "country": "GB"}


def ids(page: httpx.Response) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/account/addresses/([0-9a-f-]{36})", page.text)))


async def test_an_address_is_kept_once_and_used_first(shop: httpx.AsyncClient) -> None:
    await sign_up(shop)
    for line in ("12 Long Lane", "12 Long Lane", "1 Short Street"):
        assert (await shop.post("/account/addresses", data=HOME | {"line1": line})).status_code == 303

    page = await shop.get("/account/addresses")

    assert page.text.count('data-testid="address"') == 2 and page.text.count("Used first") == 1
    assert "YO1 7AA" in page.text


async def test_a_wrong_address_stays_in_the_form(shop: httpx.AsyncClient) -> None:
    await sign_up(shop)

    answer = await shop.post("/account/addresses", data=HOME | {"postcode": "nowhere"})

    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.text and "not a UK postcode" in answer.text


async def test_changing_choosing_and_deleting(shop: httpx.AsyncClient) -> None:
    await sign_up(shop)
    for line in ("1 A Street", "2 B Street"):
        await shop.post("/account/addresses", data=HOME | {"line1": line})
    first, second = ids(await shop.get("/account/addresses"))

    await shop.post(f"/account/addresses/{second}/default")
    await shop.post(f"/account/addresses/{first}", data=HOME | {"line1": "2 B Street"})
    one = ids(await shop.get("/account/addresses"))
    await shop.post(f"/account/addresses/{first}/delete")

    assert one == [first]
    assert ids(await shop.get("/account/addresses")) == []


async def test_an_address_is_its_owners_alone(shop: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    await sign_up(shop)
    await shop.post("/account/addresses", data=HOME)
    [id] = ids(await shop.get("/account/addresses"))
    await sign_up(other)

    answers = [await other.get(f"/account/addresses/{id}")]
    for path in ("", "/default", "/delete"):
        answers.append(await other.post(f"/account/addresses/{id}{path}", data=HOME))

    assert {answer.status_code for answer in answers} == {404}
    assert ids(await shop.get("/account/addresses")) == [id]


async def test_a_checkout_begins_with_the_book(shop: httpx.AsyncClient) -> None:
    email = await sign_up(shop)
    await a_shipping_method()
    for line in ("1 A Street", "2 B Street"):
        await shop.post("/account/addresses", data=HOME | {"line1": line})
    await put_in(shop, await a_product())
    second = ids(await shop.get("/account/addresses"))[1]

    first_page, chosen = await shop.get("/checkout"), await shop.get(f"/checkout?address={second}")

    assert f'value="{email}"' in first_page.text and 'value="1 A Street"' in first_page.text
    assert 'value="2 B Street"' in chosen.text


async def test_an_address_that_was_typed_is_in_the_book_of_who_is_signed_in(
    shop: httpx.AsyncClient, other: httpx.AsyncClient
) -> None:
    await sign_up(shop)
    await a_shipping_method()
    for browser in (shop, other):
        await put_in(browser, await a_product())
        assert (await browser.post("/checkout/details", data=DETAILS)).status_code == 303

    assert "12 Long Lane" in words_of(await shop.get("/account/addresses"))


async def test_a_mistake_in_the_checkout_leaves_the_book_and_what_is_short_in_sight(shop: httpx.AsyncClient) -> None:
    await sign_up(shop)
    await a_shipping_method()
    product = await a_product(title="Pell mug", variants=[{"stock": 9}])
    await fill_cart(shop, {product.variant_id: 9})
    for name in ("Ada Lovelace", "Mary Somerville"):
        await shop.post("/checkout/details", data=DETAILS | {"name": name})
    await inventory.adjust(product.variant_id, -5)

    wrong = await shop.post("/checkout/details", data=DETAILS | {"postcode": "nowhere"})
    unchosen = await shop.post("/checkout/shipping", data={"shipping_code": "no-such"})

    assert wrong.status_code == unchosen.status_code == 422
    assert wrong.text.count('data-testid="saved-address"') == 2
    for page in (wrong, unchosen):
        assert "Only 4 are left, you asked for 9." in words_of(page)

from __future__ import annotations

import asyncio
from unittest import mock

import httpx
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.values import read_bucket_mark
from tests.checkout.walk import (
    DETAILS,
    another_browser,
    fill_cart,
    place,
    status_of,
    to_review,
    to_token,
    token_of,
    words_of,
)
from tests.knobs import Scripted, knobs, provider
from tests.makers import a_product, a_shipping_method
from tests.orders.books import to_page

STEPS = ["/checkout", "/checkout/shipping", "/checkout/review"]


async def test_with_an_empty_cart_every_step_leads_to_the_cart(shop: httpx.AsyncClient) -> None:
    answers = [await shop.get(step) for step in STEPS]
    answers += [await shop.post(path) for path in ("/checkout/details", "/checkout/shipping", "/checkout/place")]

    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/cart")}
    assert "set-cookie" not in answers[0].headers


async def test_a_skipped_step_leads_back_to_the_first_that_is_missing(shop: httpx.AsyncClient) -> None:
    await a_shipping_method()
    await fill_cart(shop, {(await a_product()).variant_id: 1})

    before = [(await shop.get(step)).headers.get("location") for step in STEPS]
    await shop.post("/checkout/details", data=DETAILS)
    after = [(await shop.get(step)).headers.get("location") for step in STEPS]

    assert before == [None, "/checkout", "/checkout"]
    assert after == [None, None, "/checkout/shipping"]


async def test_steps_are_private(shop: httpx.AsyncClient) -> None:
    await to_review(shop, {(await a_product()).variant_id: 1})

    for step in STEPS:
        page = await shop.get(step, headers={"X-Vitrine-Form": "personal"})
        assert page.headers["cache-control"] == "private, no-store"
        assert "x-vitrine-keep" not in page.headers


async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(shop: httpx.AsyncClient) -> None:
    await fill_cart(shop, {(await a_product()).variant_id: 1})
    typed = DETAILS | {"email": "ada@", "name": "", "postcode": "12345", "phone": "call me", "city": "Y<b>rk"}

    page = await shop.post("/checkout/details", data=typed)

    assert page.status_code == 422
    assert "An e-mail address looks like" in page.text
    assert page.text.count('data-testid="field-error"') == 4
    assert "This is not a UK postcode." in page.text
    assert 'value="12345"' in page.text
    assert "Y&lt;b&gt;rk" in page.text


@pytest.mark.parametrize("country", ["XX", "", "gb"])
async def test_an_unknown_country_is_refused(shop: httpx.AsyncClient, country: str) -> None:
    await fill_cart(shop, {(await a_product()).variant_id: 1})

    page = await shop.post("/checkout/details", data=DETAILS | {"country": country})

    assert page.status_code == 422
    assert page.text.count('data-testid="field-error"') == 1


async def test_details_are_kept_for_reload_back_and_the_next_order(shop: httpx.AsyncClient) -> None:
    product = await a_product()
    with knobs(payment_provider="instant"):
        await place(shop, await to_token(shop, {product.variant_id: 1}))
    await fill_cart(shop, {product.variant_id: 1})

    page = await shop.get("/checkout")

    assert 'value="YO1 7AA"' in page.text
    assert 'value="ada@example.org"' in page.text
    assert (await shop.get("/checkout/review")).headers["location"] == "/checkout"


async def test_an_unknown_way_to_deliver_is_refused_in_place(shop: httpx.AsyncClient) -> None:
    await to_review(shop, {(await a_product()).variant_id: 1})

    for code in ("pigeon", "", "standard' OR 1=1"):
        page = await shop.post("/checkout/shipping", data={"shipping_code": code})
        assert page.status_code == 422
        assert "Please choose how it should come." in page.text


async def test_the_review_shows_everything_that_will_be_charged(shop: httpx.AsyncClient) -> None:
    product = await a_product(title="Lamp", price=14000)

    page = await to_review(shop, {product.variant_id: 2})

    said = words_of(page)
    for text in ("Lamp", "£280.00", "£3.90", "£283.90", "of which VAT £47.32", "YO1 7AA", "ada@example.org"):
        assert text in said
    assert 'data-testid="place-order"' in page.text


async def test_placing_leads_to_the_payment_page_and_placing_again_to_the_order(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})

    first, *others = [await place(shop, token) for _ in range(3)]

    assert first.status_code == 303
    assert first.headers["location"].startswith("/dev/pay/")
    assert {answer.status_code for answer in others} == {303}
    assert len({answer.headers["location"] for answer in others}) == 1
    assert status_of(await shop.get(others[0].headers["location"])) == "awaiting payment"


async def test_a_double_click_is_one_order(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})

    with knobs(payment_provider="instant"):
        answers = await asyncio.gather(*(place(shop, token) for _ in range(6)))

    pages = {answer.headers["location"] for answer in answers}
    assert {answer.status_code for answer in answers} == {303}
    assert len(pages) == 1
    assert status_of(await shop.get(pages.pop())) == "placed"
    assert (await shop.get("/account")).text.count("/orders/") == 1


async def test_two_tabs_are_one_order(shop: httpx.AsyncClient) -> None:
    first = await to_token(shop, {(await a_product()).variant_id: 1})
    second = token_of(await shop.get("/checkout/review"))

    with knobs(payment_provider="instant"):
        answers = await asyncio.gather(place(shop, first), place(shop, second))

    assert first != second
    assert len({answer.headers["location"] for answer in answers}) == 1


@pytest.mark.parametrize("token", ["", "x", "a.b", "forged"])
async def test_a_forged_promise_shows_the_review_again_and_writes_nothing(shop: httpx.AsyncClient, token: str) -> None:
    good = await to_token(shop, {(await a_product()).variant_id: 1})

    page = await place(shop, token if token != "forged" else good[:-1] + ("0" if good[-1] != "0" else "1"), note="Ring")

    assert page.status_code == 422
    assert "was not complete" in page.text
    assert ">Ring</textarea>" in page.text
    assert token_of(page)
    assert "Nothing was ordered" in (await shop.get("/account")).text


async def test_somebody_elses_promise_places_nothing(shop: httpx.AsyncClient, databases: None) -> None:

    token = await to_token(shop, {(await a_product()).variant_id: 1})
    async with another_browser() as other:
        await to_review(other, {(await a_product()).variant_id: 1})
        page = await place(other, token)

        assert page.status_code == 409
        assert "Nothing was ordered" in (await other.get("/account")).text
    assert "Nothing was ordered" in (await shop.get("/account")).text


async def test_an_expired_promise_shows_the_review_again_with_a_fresh_one(shop: httpx.AsyncClient) -> None:
    with knobs(checkout_seconds=0.001):
        token = await to_token(shop, {(await a_product()).variant_id: 1})

    page = await place(shop, token)
    again = await place(shop, token_of(page))

    assert page.status_code == 409
    assert "open for so long" in page.text
    assert again.status_code == 303


async def test_a_price_that_changed_meanwhile_is_shown_old_and_new_and_asked_again(shop: httpx.AsyncClient) -> None:
    product = await a_product(title="Lamp", price=14000)
    token = await to_token(shop, {product.variant_id: 1})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE price SET amount = 15000 WHERE variant_id = $1", product.variant_id)

    page = await place(shop, token)
    again = await place(shop, token_of(page))

    assert page.status_code == 409
    assert "Lamp: £140.00 → £150.00 each." in words_of(page)
    assert "Total: £143.90 → £153.90." in words_of(page)
    assert again.headers["location"].startswith("/dev/pay/")


async def test_a_cart_that_changed_in_another_tab_is_shown_and_asked_again(shop: httpx.AsyncClient) -> None:
    product = await a_product(title="Lamp")
    token = await to_token(shop, {product.variant_id: 1})
    await fill_cart(shop, {product.variant_id: 1})

    page = await place(shop, token)

    assert page.status_code == 409
    assert "Lamp: 1 → 2 units." in words_of(page)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"line1": "5 New Street"}, "Ada Lovelace, 5 New Street,"),
        ({"name": "Grace Hopper"}, "Grace Hopper, 12 Long Lane,"),
        ({"email": "grace@example.org"}, "; grace@example.org."),
    ],
)
async def test_an_address_changed_in_another_tab_is_shown_and_asked_again(
    shop: httpx.AsyncClient, edit: dict[str, str], words: str
) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})
    await shop.post("/checkout/details", data=DETAILS | edit)

    page = await place(shop, token)
    nothing = await shop.get("/account")
    again = await place(shop, token_of(page))

    assert page.status_code == 409
    assert "Address or e-mail: now " in words_of(page)
    assert words in words_of(page)
    assert "Nothing was ordered" in nothing.text
    assert again.headers["location"].startswith("/dev/pay/")


async def test_a_product_unpublished_meanwhile_is_named_and_not_sold(shop: httpx.AsyncClient) -> None:
    product = await a_product(title="Lamp")
    token = await to_token(shop, {product.variant_id: 1})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET status = 'archived' WHERE id = $1", product.id)

    page = await place(shop, token)

    assert page.status_code == 409
    assert "Lamp: No longer sold." in words_of(page)
    assert 'data-testid="place-order"' not in page.text
    assert (await shop.get("/checkout/review")).headers["location"] == "/cart"


async def test_sold_out_at_the_last_moment_is_said_and_the_cart_is_as_it_was(shop: httpx.AsyncClient) -> None:
    product = await a_product(title="Lamp", variants=[{"stock": 0, "band": "few"}])
    token = await to_token(shop, {product.variant_id: 1})

    page = await place(shop, token)
    replay = await place(shop, token)

    assert page.status_code == 409
    assert "Lamp: None is left." in words_of(page)
    assert "Nothing was charged" in words_of(page)
    assert "Lamp" in (await shop.get("/cart")).text
    assert "Lamp is not there any more." in (await shop.get(replay.headers["location"])).text
    assert "Nothing was ordered" in (await shop.get("/account")).text


async def test_a_note_that_is_too_long_is_said_and_kept(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})

    page = await place(shop, token, note="x" * 501)

    assert page.status_code == 422
    assert "at most 500" in page.text
    assert "x" * 501 in page.text


async def test_free_delivery_counts_from_the_subtotal(shop: httpx.AsyncClient) -> None:
    await a_shipping_method("free-from-fifty", price=900, free_from=5000)
    product = await a_product(price=5000)
    await to_review(shop, {product.variant_id: 1})

    await shop.post("/checkout/shipping", data={"shipping_code": "free-from-fifty"})
    page = await shop.get("/checkout/review")

    assert "Total £50.00" in words_of(page)


async def test_a_lost_database_at_placing_is_a_503_and_no_half_order(shop: httpx.AsyncClient) -> None:
    token = await to_token(shop, {(await a_product()).variant_id: 1})

    with mock.patch("app.orders.operations.promise", side_effect=ConnectionResetError):
        page = await place(shop, token)
    with provider(Scripted(to_page)):
        again = await place(shop, token)

    assert page.status_code == 503
    assert "retry-after" in page.headers
    assert again.headers["location"] == "/their/page"


async def test_the_order_keeps_what_was_agreed_when_everything_is_edited_later(shop: httpx.AsyncClient) -> None:
    product = await a_product(title="Lamp", price=14000)
    with knobs(payment_provider="instant"):
        placed = await place(shop, await to_token(shop, {product.variant_id: 1}))
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET title = 'Torch' WHERE id = $1", product.id)
        await db.execute("UPDATE price SET amount = 1 WHERE variant_id = $1", product.variant_id)

    page = words_of(await shop.get(placed.headers["location"]))

    assert "Lamp" in page
    assert "£143.90" in page


async def test_the_order_stands_in_the_shoppers_own_bucket(shop: httpx.AsyncClient) -> None:
    with knobs(payment_provider="instant"):
        placed = await place(shop, await to_token(shop, {(await a_product()).variant_id: 1}))
    number = placed.headers["location"].rpartition("/")[2]
    bucket = read_bucket_mark(number)
    assert bucket is not None

    async with reading(bucket) as db:
        found = await db.fetchval("SELECT count(*) FROM orders WHERE number = $1", number)

    assert found == 1
    assert shop.cookies["sid_8080"][:2] == number[:2]

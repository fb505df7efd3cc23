from __future__ import annotations

import re

import pytest

from app.db.engines import EVERYONE, writing
from tests.cart.browsing import HTMX, put_in, rows
from tests.checkout.walk import another_browser
from tests.conftest import PERSONAL_FORM
from tests.makers import a_product
from tests.members.people import sign_in, sign_up


def kept_in(html: str) -> list[str]:
    return re.findall(r'action="/cart/kept/([0-9a-f-]+)"', html)


async def test_a_visitor_without_a_list_sees_an_empty_one_and_gets_no_cookie(shop):
    before = await rows()

    page = await shop.get("/account/lists")

    assert "Nothing is saved yet" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in page.headers
    assert await rows() == before


async def test_a_heart_saves_and_the_list_moves_to_the_cart_without_javascript(shop):
    mug = await a_product(title="Pell mug", price=1400)

    added = await shop.post("/lists/add", data={"variant_id": str(mug.variant_id)})
    page = await shop.get("/account/lists")
    moved = await shop.post(f"/cart/kept/{kept_in(page.text)[0]}")

    assert (added.status_code, added.headers["location"]) == (303, "/account/lists")
    assert "Pell mug" in page.text
    assert (moved.status_code, moved.headers["location"]) == (303, "/cart")
    assert shop.cookies["cc_8080"] == "1"
    assert "Nothing is saved yet" in (await shop.get("/account/lists")).text


async def test_a_heart_on_a_card_knows_the_product_alone(shop):
    one, two = await a_product(title="One of a kind"), await a_product(title="Of two kinds", variants=[{}, {}])

    await shop.post("/lists/add", data={"product": one.slug})
    told = await shop.post("/lists/add", data={"product": two.slug}, headers=HTMX)
    page = (await shop.get("/account/lists")).text

    assert "Saved Of two kinds" in told.text and "<html" not in told.text
    assert page.count('data-testid="saved-line"') == 2
    assert len(kept_in(page)) == 1  # of the other, which one is said on its page
    assert f'href="{two.url}"' in page


async def test_something_saved_can_be_thrown_away_and_only_by_its_owner(shop):
    await shop.post("/lists/add", data={"product": (await a_product()).slug})
    [item] = kept_in((await shop.get("/account/lists")).text)
    mine = dict(shop.cookies)
    shop.cookies.clear()

    nobody = await shop.post(f"/lists/items/{item}/remove")
    await put_in(shop, await a_product())
    other = await shop.post(f"/lists/items/{item}/remove")
    shop.cookies.clear()
    shop.cookies.update(mine)
    owner = await shop.post(f"/lists/items/{item}/remove")

    assert (nobody.status_code, other.status_code, owner.status_code) == (404, 404, 303)


@pytest.mark.parametrize(
    "form",
    [{}, {"product": ""}, {"product": "no-such"}, {"product": "\x00"}, {"variant_id": "x"}, {"product": "x" * 3000}],
)
async def test_what_nobody_sells_is_not_saved(shop, form):
    before = await rows()

    answer = await shop.post("/lists/add", data=form)

    assert answer.status_code == 404
    assert await rows() == before


async def test_a_guests_list_is_there_after_signing_in(shop):
    email = await sign_up(shop)
    shop.cookies.clear()
    await shop.post("/lists/add", data={"product": (await a_product(title="Pell mug")).slug})

    await sign_in(shop, email)

    assert "Pell mug" in (await shop.get("/account/lists")).text
    assert "Pell mug" in (await shop.get("/account/privacy")).text
    assert [each["title"] for each in (await shop.get("/account/export.json")).json()["saved"]] == ["Pell mug"]


async def test_public_pages_are_the_same_whatever_is_saved(shop):
    product = await a_product()
    before = (await shop.get(product.url, headers=PERSONAL_FORM)).text

    await shop.post("/lists/add", data={"product": product.slug})

    assert (await shop.get(product.url, headers=PERSONAL_FORM)).text == before


async def test_a_full_heart_takes_its_product_off_the_shoppers_own_list(shop):
    one, two = await a_product(variants=[{}, {}]), await a_product()
    await shop.post("/lists/add", data={"product": one.slug})
    await shop.post("/lists/add", data={"product": two.slug})

    plain = await shop.post("/lists/add", data={"remove": one.slug, "variant_id": str(one.variant_id)})
    again = await shop.post("/lists/add", data={"remove": one.slug}, headers=HTMX)
    page = (await shop.get("/account/lists")).text

    assert (plain.status_code, plain.headers["location"]) == (303, "/account/lists")
    assert f'data-gone="{one.slug}"' in again.text
    assert page.count('data-testid="saved-line"') == 1 and f'data-hearts="{two.slug}"' in page
    shop.cookies.clear()
    stranger = await shop.post("/lists/add", data={"remove": two.slug}, headers=HTMX)
    assert stranger.status_code == 200 and "set-cookie" not in stranger.headers
    assert (await shop.post("/lists/add", data={"remove": "no-such"})).status_code == 404


async def test_a_heart_of_what_is_sold_no_more_can_be_emptied_by_who_filled_it(shop):
    product = await a_product(title="Old mug")
    await shop.post("/lists/add", data={"product": product.slug})
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE product SET status = 'draft' WHERE id = $1", product.id)

    async with another_browser() as other:
        await put_in(other, await a_product())
        stranger = await other.post("/lists/add", data={"remove": product.slug}, headers=HTMX)
    mine = await shop.post("/lists/add", data={"remove": product.slug}, headers=HTMX)

    assert stranger.status_code == 404 and "Old mug" not in stranger.text
    assert "Old mug" in mine.text and "off your list" in mine.text
    assert "saved-line" not in (await shop.get("/account/lists")).text

from __future__ import annotations

from uuid import uuid4

import pytest

from app.cart import queries
from app.values import any_bucket, bucket_mark, new_id
from tests.cart.browsing import HTMX, line_ids, put_in, rows
from tests.makers import a_cart, a_product


@pytest.mark.parametrize(
    "quantity", ["two", "0", "-1", "1e9", "1.5", "", "100", "٣", "1_0", "0x10", "NaN", "1; DROP TABLE cart"]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
async def test_a_quantity_that_is_none_is_told_and_changes_nothing(shop, quantity, headers):
    product = await a_product()
    before = await rows()

    answer = await put_in(shop, product, quantity, headers=headers)

    assert answer.status_code == 422
    assert "whole number from 1 to 99" in answer.text
    assert "set-cookie" not in answer.headers
    assert await rows() == before


@pytest.mark.parametrize(
    "form", [{"quantity": "1"}, {"variant_id": "", "quantity": "1"}, {"variant_id": "mug", "quantity": "1"}, {}]
)
async def test_an_add_without_a_variant_is_told_what_to_do(shop, form):
    before = await rows()

    answer = await shop.post("/cart/lines", data=form)

    assert answer.status_code == 422
    assert "choose which one" in answer.text
    assert await rows() == before


async def test_an_add_without_a_quantity_is_told(shop):
    answer = await shop.post("/cart/lines", data={"variant_id": str((await a_product()).variant_id)})

    assert answer.status_code == 422


async def test_of_a_field_sent_twice_the_first_counts(shop):
    product = await a_product()

    await shop.post(
        "/cart/lines",
        content=f"variant_id={product.variant_id}&quantity=2&quantity=9",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert shop.cookies["cc_8080"] == "2"


@pytest.mark.parametrize(
    ("about", "status", "words"),
    [
        ({"status": "archived"}, 404, "not sold here any more"),
        ({"status": "draft"}, 404, "not sold here any more"),
        ({"price": None}, 404, "not sold here any more"),
        ({"band": "out"}, 409, "sold out"),
    ],
)
async def test_what_is_not_on_sale_is_refused_and_makes_no_shopper(shop, about, status, words):
    product = await a_product(**about)
    before = await rows()

    answer = await put_in(shop, product)

    assert answer.status_code == status
    assert words in answer.text
    assert "set-cookie" not in answer.headers
    assert await rows() == before


async def test_a_variant_nobody_knows_is_refused(shop):
    answer = await shop.post("/cart/lines", data={"variant_id": str(new_id(any_bucket())), "quantity": "1"})

    assert answer.status_code == 404


async def test_a_forged_session_is_a_new_visitor(shop):
    forged = bucket_mark(any_bucket()) + "A" * 43

    page = await shop.get("/cart", headers={"Cookie": f"sid_8080={forged}"})
    answer = await put_in(shop, await a_product(), headers={"Cookie": f"sid_8080={forged}"})

    assert "nothing in your cart" in page.text
    assert answer.status_code == 303
    [session] = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith("sid_")]
    assert forged not in session


@pytest.mark.parametrize(
    "cookie",
    [
        "sid_8080=",
        "sid_8080=short",
        "sid_8080=" + "U" * 45,
        "sid_8080=00" + "A" * 4000,
        "cc_8080=-5",
        "cc_8080=<b>1</b>",
        "pv_8080=%00",
        "cc_8080=999",
        ";;=;",
        'sid_8080="x',
    ],
)
async def test_cookies_of_another_shape_are_ignored(shop, cookie):
    page = await shop.get("/cart", headers={"Cookie": cookie})

    assert page.status_code == 200
    assert 'data-units="0"' in page.text


@pytest.mark.parametrize(
    "query",
    ["removed=x", "removed=", "removed=00000000-0000-8000-8000-000000000000", "removed=<script>&<b>", "removed=%00"],
)
async def test_an_address_that_names_no_removal_shows_the_cart(shop, query):
    page = await shop.get(f"/cart?{query}")

    assert page.status_code == 200
    assert "was taken out" not in page.text
    assert "<script>&" not in page.text


@pytest.mark.parametrize("quantity", ["two", "-1", "1e9", "1.5", "", "100"])
async def test_a_line_keeps_its_quantity_when_what_was_typed_is_none(shop, quantity):
    await put_in(shop, await a_product(price=1000), 2)
    [line] = line_ids((await shop.get("/cart")).text)

    page = await shop.post(f"/cart/lines/{line}", data={"quantity": quantity})
    told = await shop.post(f"/cart/lines/{line}", data={"quantity": quantity}, headers=HTMX)

    assert (page.status_code, told.status_code) == (422, 422)
    assert "whole number" in page.text
    assert "whole number" in told.text
    assert quantity in page.text
    assert "£20.00" in page.text
    assert (told.headers["hx-retarget"], told.headers["hx-reselect"]) == ("#alerts", ".toast")
    assert shop.cookies["cc_8080"] == "2"


async def test_what_was_typed_is_shown_as_text(shop):
    await put_in(shop, await a_product())
    [line] = line_ids((await shop.get("/cart")).text)

    page = await shop.post(f"/cart/lines/{line}", data={"quantity": "<b>x</b>"})

    assert "<b>x</b>" not in page.text
    assert "&lt;b&gt;x" in page.text


async def test_lines_of_others_and_lines_that_are_none_are_answered_alike(shop):
    theirs = await a_cart({(await a_product()).variant_id: 1})
    await put_in(shop, await a_product())

    for line_id in (theirs.items[0].line_id, new_id(any_bucket())):
        for quantity in ("0", "5"):
            answer = await shop.post(f"/cart/lines/{line_id}", data={"quantity": quantity})
            assert answer.status_code == 404
            assert "not in your cart any more" in answer.text

    assert (await queries.cart_of(theirs.shopper_id)).units == 1


async def test_a_line_address_of_another_shape_is_not_found(shop):
    for address in ("/cart/lines/1", "/cart/lines/x' OR '1'='1", "/cart/lines/" + "9" * 500):
        assert (await shop.post(address, data={"quantity": "1"})).status_code == 404


async def test_without_a_session_no_line_is_found(shop):
    theirs = await a_cart({(await a_product()).variant_id: 1})

    answer = await shop.post(f"/cart/lines/{theirs.items[0].line_id}", data={"quantity": "0"})

    assert answer.status_code == 404


async def test_a_form_too_large_is_refused_and_changes_nothing(shop):
    before = await rows()

    answer = await put_in(shop, await a_product(), "1" + " " * 70_000)

    assert answer.status_code == 413
    assert "too much" in answer.text
    assert await rows() == before


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
async def test_a_body_that_is_no_form_is_refused(shop, kind):
    answer = await shop.post("/cart/lines", content=b"{}", headers={"Content-Type": kind})

    assert answer.status_code == 400


async def test_a_form_with_countless_fields_is_refused(shop):
    answer = await shop.post("/cart/lines", data={f"f{n}": "1" for n in range(200)})

    assert answer.status_code == 400


async def test_a_form_from_another_site_changes_nothing(shop):
    product, before = await a_product(), await rows()

    answer = await put_in(shop, product, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert await rows() == before


async def test_a_cart_that_cannot_hold_more_says_so(shop, monkeypatch):
    monkeypatch.setattr("app.cart.rules.MOST_LINES", 1)
    await put_in(shop, await a_product())

    answer = await put_in(shop, await a_product())

    assert answer.status_code == 409
    assert shop.cookies["cc_8080"] == "1"


async def test_without_javascript_a_wrong_number_of_a_thing_is_asked_again_where_it_was_typed(shop):
    mug = await a_product(title="Pell mug")

    page = await shop.post("/cart/lines", data={"variant_id": str(mug.variant_id), "quantity": "many"})
    gone = await shop.post("/cart/lines", data={"variant_id": str(uuid4()), "quantity": "many"})

    assert (page.status_code, gone.status_code) == (422, 422)
    assert "“many”: Please choose a whole number" in page.text and 'id="quantity"' in page.text
    assert f'value="{mug.variant_id}"' in page.text and "That did not work" in gone.text
    assert "set-cookie" not in page.headers

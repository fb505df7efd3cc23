from __future__ import annotations

import asyncio
import re
import time

import pytest

from app.cart import aside, operations
from app.db.engines import all_shards, reading, writing
from jobs.sweeps import SWEEPS
from tests.cart.browsing import HTMX, line_ids, put_in, rows, shopper_of
from tests.cart.test_operations import unpublish
from tests.conftest import PERSONAL_FORM
from tests.makers import a_cart, a_product


async def test_a_visitor_without_a_cart_sees_an_empty_one_and_gets_no_cookie(shop):
    before = await rows()

    page = await shop.get("/cart")

    assert page.status_code == 200
    assert "nothing in your cart" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in page.headers
    assert await rows() == before


async def test_adding_without_javascript_leads_to_the_cart(shop):
    product = await a_product(title="Pell mug", price=1400)

    answer = await put_in(shop, product, 3)
    page = await shop.get("/cart")

    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    assert "Pell mug" in page.text
    assert "£42.00" in page.text
    assert 'data-testid="checkout-start"' in page.text


async def test_the_first_add_makes_a_shopper_and_the_second_does_not(shop):
    product = await a_product()
    before = await rows()

    first = await put_in(shop, product)
    second = await put_in(shop, product)

    after = await rows()
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]
    assert {cookie.split("=")[0] for cookie in first.headers.get_list("set-cookie")} == {
        "sid_8080",
        "pv_8080",
        "cc_8080",
    }
    assert {cookie.split("=")[0] for cookie in second.headers.get_list("set-cookie")} == {"pv_8080", "cc_8080"}
    assert shop.cookies["cc_8080"] == "2"


async def test_htmx_gets_the_badge_and_words_for_what_was_added(shop):
    product = await a_product(title="Pell mug", price=1400)

    answer = await put_in(shop, product, 2, headers=HTMX)

    assert answer.status_code == 200
    assert answer.text.count("Added 2 × Pell mug") == 1
    assert 'data-testid="mini-total">£28.00' in answer.text
    assert 'href="/checkout"' in answer.text
    assert 'data-units="2"' in answer.text
    assert answer.headers["hx-trigger"] == "cart-changed"
    assert "<html" not in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


async def test_twelve_adds_at_once_count_twelve(shop):
    product = await a_product()
    await put_in(shop, product)

    answers = await asyncio.gather(*(put_in(shop, product, headers=HTMX) for _ in range(12)))

    assert {answer.status_code for answer in answers} == {200}
    assert 'value="13"' in (await shop.get("/cart")).text


async def test_a_line_is_changed_without_javascript(shop):
    await put_in(shop, await a_product(price=1000))
    [line] = line_ids((await shop.get("/cart")).text)

    answer = await shop.post(f"/cart/lines/{line}", data={"quantity": "4"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    assert "£40.00" in (await shop.get("/cart")).text


async def test_htmx_gets_the_whole_cart_for_a_changed_line(shop):
    await put_in(shop, await a_product(price=1000))
    [line] = line_ids((await shop.get("/cart")).text)

    answer = await shop.post(f"/cart/lines/{line}", data={"quantity": "4"}, headers=HTMX)

    assert answer.status_code == 200
    assert 'id="cart"' in answer.text
    assert 'data-units="4"' in answer.text
    assert "£40.00" in answer.text


async def test_a_removed_line_can_be_put_back_by_a_plain_form(shop):
    product = await a_product(title="Pell mug")
    await put_in(shop, product, 3)
    [line] = line_ids((await shop.get("/cart")).text)

    answer = await shop.post(f"/cart/lines/{line}", data={"quantity": "0"})
    page = await shop.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "Pell mug was taken out" in page.text
    assert shop.cookies["cc_8080"] == "0"
    [back] = re.findall(r'action="(/cart/kept/[0-9a-f-]+)"', page.text)
    undone = await shop.post(back)
    assert (undone.status_code, undone.headers["location"]) == (303, "/cart")
    assert shop.cookies["cc_8080"] == "3"
    assert "was taken out" not in (await shop.get(answer.headers["location"])).text
    assert (await shop.post(back)).status_code == 404


async def test_htmx_gets_the_way_back_of_a_removed_line_too(shop):
    await put_in(shop, await a_product(title="Pell mug"), 3)
    [line] = line_ids((await shop.get("/cart")).text)

    answer = await shop.post(f"/cart/lines/{line}", data={"quantity": "0"}, headers=HTMX)
    undone = await shop.post(f"/cart/kept/{line}", headers=HTMX)

    assert answer.text.count("Pell mug was taken out") == 2  # in the cart, where it stays, and in a toast
    assert 'data-units="0"' in answer.text
    assert 'data-units="3"' in undone.text
    assert '<hx-partial hx-target="#toasts" hx-swap="innerHTML"></hx-partial>' in undone.text  # nothing left to undo
    assert 'id="cart"' in undone.text


async def test_a_line_is_kept_for_later_and_moved_back_without_javascript(shop):
    await put_in(shop, await a_product(title="Pell mug", price=1000), 2)
    [line] = line_ids((await shop.get("/cart")).text)

    later = await shop.post(f"/cart/lines/{line}/later")
    page = await shop.get("/cart")
    [item] = re.findall(r'action="/cart/kept/([0-9a-f-]+)"', page.text)
    back = await shop.post(f"/cart/kept/{item}")
    again = await shop.get("/cart")

    assert (later.status_code, back.status_code) == (303, 303)
    assert "Saved for later" in page.text
    assert 'data-testid="checkout-start"' not in page.text
    assert "£20.00" in again.text
    assert "Saved for later" not in again.text


async def test_what_was_kept_for_later_can_be_thrown_away(shop):
    await put_in(shop, await a_product())
    [line] = line_ids((await shop.get("/cart")).text)
    kept = await shop.post(f"/cart/lines/{line}/later", headers=HTMX)
    [item] = re.findall(r'action="/cart/kept/([0-9a-f-]+)"', kept.text)

    gone = await shop.post(f"/cart/kept/{item}/remove", headers=HTMX)

    assert "Saved for later" in kept.text
    assert "Saved for later" not in gone.text


@pytest.mark.parametrize("path", ["/cart/lines/{}/later", "/cart/kept/{}", "/cart/kept/{}/remove"])
async def test_what_is_somebody_elses_cannot_be_moved(shop, path):
    theirs = await a_cart({(await a_product()).variant_id: 1})
    if "kept" in path:
        await aside.save_for_later(theirs.shopper_id, theirs.items[0].line_id)
    id = await its_item(theirs.shopper_id) if "kept" in path else theirs.items[0].line_id

    nobody = await shop.post(path.format(id))
    await put_in(shop, await a_product())
    somebody = await shop.post(path.format(id))

    assert (nobody.status_code, somebody.status_code) == (404, 404)


async def its_item(shopper_id):
    async with reading(shopper_id) as db:
        return await db.fetchval("SELECT id FROM list_item WHERE shopper_id = $1", shopper_id)


async def test_a_cart_is_there_again_after_weeks(shop):
    await put_in(shop, await a_product(title="Pell mug"))
    shopper = await shopper_of(shop)
    async with writing(shopper) as db:
        for table, columns in (
            ("session", ("created_at", "seen_at", "expires_at")),
            ("cart", ("created_at", "updated_at")),
            ("cart_line", ("added_at",)),
        ):
            moved = ", ".join(f"{name} = {name} - interval '80 days'" for name in columns)
            key = "id" if table == "shopper" else "shopper_id"
            await db.execute(f"UPDATE {table} SET {moved} WHERE {key} = $1", shopper)

    for shard in all_shards():
        for sweep in SWEEPS:
            await sweep(shard.first)

    asked = time.time()
    assert "Pell mug" in (await shop.get("/cart")).text
    assert min(cookie.expires for cookie in shop.cookies.jar) > asked + 90 * 86400 - 1, (
        "all of them, from this visit on"
    )
    async with reading(shopper) as db:
        assert await db.fetchval(
            "SELECT min(expires_at) > now() + interval '89 days' FROM session WHERE shopper_id = $1", shopper
        )
    assert "set-cookie" not in (await shop.get("/cart")).headers, "once is enough for a month"


async def test_what_was_taken_off_sale_blocks_the_checkout_until_it_is_removed(shop):
    gone, stays = await a_product(title="Gone mug"), await a_product(title="Jug")
    await put_in(shop, gone)
    await put_in(shop, stays)
    await unpublish(gone.id)

    blocked = (await shop.get("/cart")).text
    await shop.post(f"/cart/lines/{line_ids(blocked)[0]}", data={"quantity": "0"})
    free = (await shop.get("/cart")).text

    assert "No longer sold" in blocked
    assert 'data-testid="checkout-start"' not in blocked
    assert 'data-testid="checkout-start"' in free
    assert "Gone mug" not in free


async def test_the_cart_page_heals_a_badge_that_knows_an_old_number(shop):
    product = await a_product()
    await put_in(shop, product)
    shopper = await shopper_of(shop)
    await operations.add(shopper, await operations.offer_of(product.variant_id), 4)

    page = await shop.get("/cart")

    assert shop.cookies["cc_8080"] == "5"
    assert 'data-units="5"' in page.text
    assert {cookie.split("=")[0] for cookie in page.headers.get_list("set-cookie")} == {"pv_8080", "cc_8080"}
    assert "set-cookie" not in (await shop.get("/cart")).headers


async def test_the_badge_hole_knows_the_value_and_nothing_else(shop):
    await put_in(shop, await a_product(), 3)

    keyed = await shop.get("/_h/badge", headers={"X-Vitrine-Value": "7", "X-Vitrine-Way": "value"})

    assert 'data-units="7"' in keyed.text
    assert keyed.headers["x-vitrine-keep"] == "1"
    assert "set-cookie" not in keyed.headers


async def test_a_product_page_is_the_same_before_and_after_an_add(shop):
    product = await a_product()

    before = await shop.get(product.url, headers=PERSONAL_FORM)
    await put_in(shop, product)
    after = await shop.get(product.url, headers=PERSONAL_FORM)

    assert before.text == after.text
    assert "set-cookie" not in after.headers

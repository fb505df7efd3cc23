from __future__ import annotations

import httpx
import pytest

from app.db.engines import EVERYONE, writing
from app.edge import tags
from tests import makers
from tests.conftest import ANONYMOUS_FORM
from tests.knobs import knobs


async def test_the_home_page_shows_its_blocks(shop: httpx.AsyncClient) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM block")
    product = await makers.a_product(title="Pell mug")
    hash = await makers.a_picture(product)
    await makers.a_block(
        "hero",
        {"title": "Plain things", "text": "Well made.", "link_title": "See", "link_url": "/c/x", "picture": hash},
        position=1,
    )
    await makers.a_block("products", {"title": "Ours", "products": [product.slug]}, position=2)
    await makers.a_block("notice", {"text": "Closed on <Monday>."}, position=3)
    await makers.a_block(
        "categories",
        {"title": "Departments", "items": [{"title": "Table", "url": "/c/table", "picture": hash}]},
        position=4,
    )
    await makers.a_block(
        "story", {"title": "A kiln", "text": "Burns.", "link_title": "", "link_url": "", "picture": hash}, position=5
    )

    answer = await shop.get("/", headers=ANONYMOUS_FORM)

    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert "Closed on &lt;Monday&gt;." in answer.text
    for words in ("Plain things", "Pell mug", "Departments", "A kiln"):
        assert words in answer.text
    assert {tags.blocks("home"), tags.card(product.id), tags.menu()} <= set(answer.headers["xkey"].split())
    assert int(answer.headers["server-timing"].rpartition("desc=")[2]) <= 3


async def test_a_home_page_without_blocks_is_still_a_page(shop: httpx.AsyncClient) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM block")

    answer = await shop.get("/")

    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


async def test_the_home_page_is_the_same_bytes_for_everyone(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()

    stranger = await shop.get("/", headers=ANONYMOUS_FORM)
    await shop.post("/cart/lines", data={"variant_id": str(product.variant_id), "quantity": "2"})
    shopper = await shop.get("/", headers=ANONYMOUS_FORM)

    assert shopper.content == stranger.content


async def test_the_contact_page_says_where_to_write_and_is_kept_for_everybody(shop: httpx.AsyncClient) -> None:
    answer = await shop.get("/contact", headers=ANONYMOUS_FORM)

    assert 'href="mailto:orders@larkfield.example"' in answer.text
    assert answer.headers["x-vitrine-keep"] == "1"
    assert "set-cookie" not in answer.headers


async def test_the_ways_to_deliver_stand_on_a_page_of_their_own_and_what_they_cost(shop: httpx.AsyncClient) -> None:
    await makers.a_shipping_method()
    async with writing(EVERYONE) as db:
        method = await db.fetchrow("SELECT title, price FROM shipping_method WHERE code = 'standard'")

    answer = await shop.get("/delivery", headers=ANONYMOUS_FORM)

    assert f"<dt>{method['title']}</dt><dd>£{method['price'] / 100:.2f}" in answer.text
    assert "30 days" in answer.text
    assert tags.ways() in answer.headers["xkey"].split()
    assert int(answer.headers["server-timing"].rpartition("desc=")[2]) <= 2


async def test_the_privacy_page_names_every_cookie_and_what_the_settings_keep(shop: httpx.AsyncClient) -> None:
    with knobs(order_days=730, search_log_days=0):
        answer = await shop.get("/privacy", headers=ANONYMOUS_FORM)

    assert "for 730 days" in answer.text
    assert "90 days after your last visit" in answer.text
    assert "Searches" not in answer.text


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/search?q=zzzzzz", "/cart"])
async def test_every_page_leads_to_it(shop: httpx.AsyncClient, path: str) -> None:
    assert 'href="/contact"' in (await shop.get(path)).text


async def test_privacy_names_all_that_is_kept_of_a_shopper(shop: httpx.AsyncClient) -> None:
    with knobs(order_days=400, alert_days=30, search_log_days=7):
        page = await shop.get("/privacy", headers=ANONYMOUS_FORM)

    kept = page.text.partition('id="kept"')[2]
    for what in ("An order", "An account", "address book", "Your cart and your lists", "Reviews and votes", "Searches"):
        assert what in kept, what
    assert "browsers are signed in" in kept and "Tries" in kept and "400 days" in kept
    assert "60 to 90 days after your last visit" in page.text
    assert "never get to see it" not in page.text

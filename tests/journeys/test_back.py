"""Going back: the browser shows the page it kept, as it was left, with the cart of now."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Request, expect

from tests.buying import put_into_cart
from tests.journeys.conftest import Visit
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

KEPT = "window.kept = false; addEventListener('pageshow', event => { window.kept = event.persisted })"
PUBLIC = ["/", "/c/table", "/p/pell-mug", "/search?q=oak"]


async def test_back_from_a_product_is_the_list_as_it_was_left(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.page.add_init_script(KEPT)
    await shopper.go(site.category)
    await _narrow(shopper)
    address, names = shopper.page.url, await shopper.by("product-title").all_inner_texts()
    await shopper.list.cards.last.scroll_into_view_if_needed()
    place = await shopper.page.evaluate("scrollY")
    await shopper.list.cards.last.get_by_role("link").first.click()
    await expect(shopper.by("add-to-cart").first).to_be_visible()
    asked: list[str] = []
    shopper.page.on("request", lambda request: asked.append(request.url) if _is_document(request) else None)

    await shopper.page.go_back(wait_until="commit")

    await expect(shopper.page).to_have_url(address)
    assert await shopper.page.evaluate("window.kept")
    assert abs(await shopper.page.evaluate("scrollY") - place) < 2
    assert await shopper.by("product-title").all_inner_texts() == names
    assert not asked


async def test_the_badge_is_right_after_going_back_to_a_page_that_waited(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.page.add_init_script(KEPT)
    await shopper.go(site.category)
    await shopper.go(site.product)
    await shopper.add_to_cart()

    await shopper.page.go_back(wait_until="commit")

    await expect(shopper.by("cart-badge")).to_have_text("1")
    assert await shopper.page.evaluate("window.kept"), "the page did not come from the cache"


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
def test_asking_in_advance_changes_nothing(site: Site, purpose: str) -> None:
    with site.client() as shopper:
        put_into_cart(shopper, site.product)
        cookies, cart = dict(shopper.cookies), shopper.get("/cart").text
        answers = [shopper.get(site.here(path), headers={"Sec-Purpose": purpose}) for path in PUBLIC]

        assert [answer.status_code for answer in answers] == [200] * 4
        assert not any("set-cookie" in answer.headers for answer in answers)
        assert (dict(shopper.cookies), shopper.get("/cart").text) == (cookies, cart)


async def _narrow(shopper: Shopper) -> None:
    """One box more is ticked, and the list has followed."""
    before = shopper.page.url
    await shopper.page.locator("#facets input[type=checkbox]:enabled").first.check()
    await expect(shopper.page).not_to_have_url(before)
    await shopper.page.wait_for_load_state("networkidle")


def _is_document(request: Request) -> bool:
    return request.resource_type == "document"


async def test_back_from_a_filter_brings_all_pages_that_were_loaded(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.category)
    await shopper.page.locator("#more").click()
    await expect(shopper.page).to_have_url(re.compile(r"page=2"))
    names = await shopper.by("product-title").all_text_contents()
    await _narrow(shopper)

    await shopper.page.go_back()

    await expect(shopper.list.cards).to_have_count(len(names))
    assert await shopper.by("product-title").all_text_contents() == names
    await expect(shopper.page.locator("#before")).to_have_count(0)

"""What a page does with an answer other than the one it asked for."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.keys import Keys
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

# As edge/varnish/write_toast.vtc says it.
SLOWER = '<div class="toast toast--bad"><p data-say>You ask faster than we can look.</p></div>'
TO_ALERTS = {"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML", "HX-Reselect": ".toast"}
GONE = (
    '<!doctype html><html><body><header>Shop</header><main id="main"><p data-say>It was here.</p></main></body></html>'
)


async def answer(page: Page, pattern: str, status: int, body: str, headers: dict[str, str] | None = None) -> None:
    """Answers what htmx asks of `pattern`, and nothing else."""

    async def fulfil(route: Route) -> None:
        if "hx-request" in route.request.headers:
            await route.fulfill(status=status, body=body, headers=headers or {}, content_type="text/html")
        else:
            await route.continue_()

    await page.route(re.compile(pattern), fulfil)


@pytest.mark.parametrize(
    ("status", "body", "headers", "said"),
    [(429, SLOWER, TO_ALERTS, "faster than we can"), (503, GONE, {}, "It was here"), (404, GONE, {}, "It was here")],
)
async def test_a_list_that_does_not_come_leaves_list_and_address_and_says_why(
    site: Site, visit: Visit, status: int, body: str, headers: dict[str, str], said: str
) -> None:
    shopper = await visit(site.url, size="phone")
    await shopper.go(site.category)
    cards, address = await shopper.list.cards.count(), shopper.page.url
    await answer(shopper.page, r"/c/\w+\?", status, body, headers)

    await shopper.by("facets-open").click()
    await shopper.page.locator("#facets input[type=checkbox]").first.check()
    alert = shopper.page.get_by_role("alert").filter(has_text=said)
    await expect(alert).to_be_visible()
    await expect(shopper.page.locator("#facets")).to_be_hidden()
    await shopper.page.locator("#alerts button").click()
    await shopper.page.locator("#more").click()
    await expect(alert).to_be_visible()

    assert shopper.page.url == address
    await expect(shopper.list.cards).to_have_count(cards)
    shopper.complaints.clear()  # a 503 is an error to the console, and was meant


async def test_what_a_quick_view_adds_is_said_where_it_can_be_seen(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.category)
    button = shopper.page.get_by_role("button", name=re.compile("Quick view")).first
    await button.press("Enter")

    await shopper.page.locator("#quick [data-testid=add-to-cart]").press("Enter")

    await expect(shopper.by("mini-cart")).to_contain_text("Added 1 ×")
    await expect(shopper.page.locator("#quick")).to_be_hidden()
    await expect(button).to_be_focused()


async def test_a_quick_view_of_what_is_gone_opens_no_page_in_the_page(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.category)
    await answer(shopper.page, "/_f/quick/", 410, GONE)

    await shopper.page.get_by_role("button", name=re.compile("Quick view")).first.press("Enter")

    await expect(shopper.page.get_by_role("alert")).to_contain_text("It was here")
    await expect(shopper.page.locator("#quick")).to_be_hidden()
    await expect(shopper.page.locator("main")).to_have_count(1)


async def test_a_heart_is_full_and_empty_again_where_it_is(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.category)
    heart = shopper.page.locator("#grid [data-heart]").first

    await heart.press("Enter")
    await expect(heart).to_have_attribute("aria-pressed", "true")
    await shopper.page.reload()
    await expect(heart).to_have_attribute("aria-pressed", "true")
    await heart.press("Enter")
    await expect(shopper.by("saved")).to_contain_text("is off your list")
    await expect(heart).to_have_attribute("aria-pressed", "false")

    await shopper.go("/account/lists")
    await expect(shopper.by("saved-line")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
async def test_on_a_phone_the_way_to_buy_is_in_sight_once_and_covers_no_focus(
    site: Site, visit: Visit, script: bool
) -> None:
    shopper = await visit(site.url, size="phone", script=script, reduced_motion="reduce")
    await shopper.go(site.product)
    bar, keys = shopper.page.locator("#buybar button"), Keys(shopper.page)
    await expect(bar).to_be_in_viewport()
    await shopper.product.add.scroll_into_view_if_needed()
    await expect(bar).to_be_hidden()
    await shopper.page.locator("#reviews").scroll_into_view_if_needed()
    await expect(bar).to_be_in_viewport()
    if script:
        await shopper.page.evaluate("scrollTo(0, 0)")
        await keys.reach(shopper.by("write-review"))
        assert not keys.unseen, "\n".join(keys.unseen)

    await bar.click()

    await expect(shopper.by("cart-badge").or_(shopper.by("cart-line")).first).to_be_visible()
    await expect(shopper.by("cart-badge")).to_contain_text("1")


async def test_all_reviews_are_a_page_of_the_shop_and_a_piece_of_the_products(site: Site, visit: Visit) -> None:
    with_script, without = await visit(site.url), await visit(site.url, script=False)
    for shopper in (with_script, without):
        await shopper.go(site.product)
        await shopper.by("all-reviews").click()
        await expect(shopper.page.get_by_role("status").filter(has_text="with any stars")).to_be_visible()
        await expect(shopper.by("search-input").first).to_be_visible()
        await expect(shopper.by("cart-badge")).to_be_visible()

    await expect(with_script.product.add).to_be_visible()
    await expect(without.page).to_have_url(re.compile("/reviews$"))

"""The walk this shop exists for: from the home page to the confirmation mail."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.async_api import Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.shopper import GOOD_CARD, Shopper
from tests.journeys.site import Site
from tests.stack import Stack, eventually

pytestmark = pytest.mark.slow

OLD_BADGE = re.compile(r'(data-units=")1(".*?data-testid="cart-badge">)1<', re.DOTALL)


@pytest.mark.qa
async def test_a_guest_buys_and_is_sent_a_mail(site: Site, shopper: Shopper) -> None:
    site.must_take_test_cards()

    number = await _buy(shopper, email="ada@example.com")

    assert eventually(lambda: site.mail_about(number), within=30)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_guest_buys_without_an_edge(bare_stack: Stack, visit: Visit, script: bool) -> None:
    shopper = await visit(bare_stack.url, script=script, size="phone")

    number = await _buy(shopper, email="bare@example.com")

    mail = eventually(lambda: _mail_about(bare_stack, number), within=30)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "style=" in mail.get_body(("html",)).get_content()


@pytest.mark.qa
async def test_a_declined_card_can_be_followed_by_a_good_one(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper = await visit(site.url, script=False)
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.to_review(email="declined@example.com")

    await shopper.pay("4000000000000002")
    await expect(shopper.page.get_by_role("main")).to_contain_text(re.compile("declined", re.I))
    number = (await shopper.by("order-number").inner_text()).strip()
    await shopper.page.get_by_role("button", name=re.compile("pay|again", re.I)).first.click()
    await shopper.by("field-number").fill(GOOD_CARD)
    await shopper.page.get_by_role("button", name=re.compile("pay", re.I)).click()

    assert await shopper.placed_order() == number


@pytest.mark.qa
async def test_placing_twice_gives_one_order(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper = await visit(site.url, script=False)
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.to_review(email="twice@example.com")

    await shopper.by("place-order").click()
    await expect(shopper.page).to_have_url(re.compile("/dev/pay/"))
    await shopper.page.go_back(wait_until="commit")  # from bfcache: nothing is loaded
    await shopper.by("place-order").click()
    await expect(shopper.page).to_have_url(re.compile("/dev/pay/|/orders/"))

    await shopper.go("/account")
    await expect(shopper.page.locator("a[href^='/orders/']")).to_have_count(1)


@pytest.mark.qa
async def test_the_badge_follows_the_cart_after_going_back(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.product)
    await expect(shopper.by("cart-badge")).to_have_text(re.compile(r"^\D*0?\D*$"))
    await shopper.add_to_cart()
    await expect(shopper.by("cart-badge")).to_contain_text("1")

    await shopper.go("/cart")
    await shopper.by("line-remove").first.click()
    await expect(shopper.by("cart-line")).to_have_count(0)
    await shopper.page.go_back(wait_until="commit")

    await expect(shopper.by("cart-badge")).not_to_contain_text("1")


@pytest.mark.qa
async def test_choosing_an_option_swaps_the_panel_and_the_address(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.product)
    variant = shopper.product.variant
    before = await variant.input_value()
    others = shopper.product.options.locator("label:has(input:not(:checked))")
    if await others.count() == 0:
        pytest.skip(f"{site.product} has no options")

    await others.last.click()
    await expect(variant).not_to_have_value(before)

    assert "o_" in shopper.page.url
    chosen = await variant.input_value()
    await shopper.page.reload()
    await expect(variant).to_have_value(chosen)


@pytest.mark.qa
async def test_search_suggests_while_typing(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go("/")

    await shopper.by("search-input").first.press_sequentially("mug", delay=30)
    await expect(shopper.by("suggest-item").first).to_be_visible()
    await shopper.by("search-input").first.press("Enter")

    await expect(shopper.page).to_have_url(re.compile(r"/search\?q=mug"))
    await expect(shopper.by("product-card").first).to_be_visible()


async def test_a_page_from_the_http_cache_shows_the_count_of_now(stack: Stack, visit: Visit) -> None:
    """Such a page loads with today's cookies and the badge of its day, which only its own units betray."""
    shopper = await visit(stack.url)
    await shopper.go("/p/pell-mug")
    await shopper.add_to_cart()

    async def old(route: Route) -> None:
        answer = await route.fetch()
        html, count = OLD_BADGE.subn(r"\g<1>7\g<2>7<", await answer.text())
        assert count == 1
        await route.fulfill(response=answer, body=html)

    await shopper.page.route("**/p/pell-mug", old)
    await shopper.go("/p/pell-mug")

    await expect(shopper.by("cart-badge")).to_have_text("1")
    assert await shopper.page.locator("#cart-badge").get_attribute("data-units") == "1"


async def _buy(shopper: Shopper, *, email: str) -> str:
    await shopper.go_shopping()
    await shopper.open_first_product()
    await shopper.add_to_cart()
    await shopper.to_review(email=email)
    await shopper.pay()
    return await shopper.placed_order()


def _mail_about(stack: Stack, number: str):  # type: ignore[no-untyped-def]
    """The mail that names an order, read from the sink's folder; None until it has come."""
    for file in sorted((stack.home / "mail").glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        if number in mail.get_body(("plain",)).get_content():
            return mail
    return None

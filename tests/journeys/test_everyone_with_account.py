"""Every page of somebody with an account for everyone: looked at as test_everyone.py does, from the first mail to a cancelled order."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.member import ask_to_join, join, keep_an_address, open_mailed_link
from tests.journeys.regard import complaints
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site
from tests.makers import unique

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OWN = ("", "/orders", "/addresses", "/details", "/security", "/privacy", "/erase")


class Look:
    """Collects what is wrong with the pages a shopper comes by."""

    def __init__(self, shopper: Shopper) -> None:
        self.shopper = shopper
        self.wrong: list[str] = []

    async def here(self) -> None:
        self.wrong += await complaints(self.shopper)

    async def at(self, *paths: str) -> None:
        for path in paths:
            await self.shopper.go(path)
            await self.here()

    async def after_a_mistake(self, button: str) -> None:
        """What is said when a form is sent as it is."""
        await self.shopper.by(button).click()
        await expect(self.shopper.page.locator("#error-summary")).to_be_visible()
        await self.here()

    def nothing_wrong(self) -> None:
        assert not self.wrong, "\n".join(self.wrong)


@pytest.mark.qa
async def test_the_way_into_an_account_is_for_everyone(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper, email = await visit(site.url), f"{unique('ada')}@example.org"
    look = Look(shopper)
    for path, button in (
        ("/account/sign-up", "sign-up"),
        ("/account/sign-in", "sign-in"),
        ("/account/reset", "send-reset"),
    ):
        await shopper.go(path)
        await look.after_a_mistake(button)

    await ask_to_join(shopper, email)
    await open_mailed_link(shopper, site, email)
    await look.here()

    look.nothing_wrong()


@pytest.mark.qa
async def test_an_account_is_for_everyone(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper = await visit(site.url)
    look = Look(shopper)
    await join(shopper, site, f"{unique('ada')}@example.org")
    await shopper.go("/account/addresses")
    await look.after_a_mistake("save-address")
    await keep_an_address(shopper)

    await look.at(*(f"/account{path}" for path in OWN))
    for path, button in (("/account/details", "ask-to-move"), ("/account/security", "change-password")):
        await shopper.go(path)
        await look.after_a_mistake(button)
    await look.at(f"/account/reviews{site.product.removeprefix('/p')}")
    await look.after_a_mistake("send-review")
    await _lists(look, site)

    look.nothing_wrong()


async def _lists(look: Look, site: Site) -> None:
    """A list with something on it, one with a name, and that one as others see it."""
    shopper = look.shopper
    await shopper.go(site.product)
    async with shopper.page.expect_response(lambda answer: "/lists/add" in answer.url):
        await shopper.by("save").click()
    await shopper.go("/account/lists")
    await look.after_a_mistake("make-list")
    await shopper.by("field-name").fill("Birthday")
    await shopper.by("make-list").click()
    await look.at("/account/lists")
    await shopper.by("place-copy").click()
    await shopper.by("list").click()
    await expect(shopper.by("saved-line")).to_have_count(1)
    await shopper.by("share").click()
    await look.here()
    await look.at(await shopper.by("share-link").input_value())


@pytest.mark.qa
async def test_what_somebody_with_an_account_buys_is_for_everyone(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper = await visit(site.url)
    look = Look(shopper)
    await join(shopper, site, f"{unique('ada')}@example.org")
    await keep_an_address(shopper)
    await _cart(look, site)

    await look.at("/checkout")
    await shopper.by("field-postcode").fill("")
    await shopper.page.get_by_role("button", name="Continue").click()
    await expect(shopper.page.locator("#error-summary")).to_be_visible()
    await look.here()
    await shopper.fill_address()
    await shopper.go_on("/checkout/shipping")
    await look.here()
    await shopper.go_on("/checkout/review")
    await look.here()
    await shopper.pay()
    number = await shopper.placed_order()
    await look.here()
    await look.at("/account", "/account/orders")
    await shopper.go(f"/orders/{number}")
    await shopper.page.get_by_text("Cancel this order").click()
    await look.here()
    await shopper.by("cancel-order").click()
    await expect(shopper.order.status).to_contain_text("cancelled")
    await look.here()

    look.nothing_wrong()


async def _cart(look: Look, site: Site) -> None:
    """With something in it, something for later, and something that can be had back."""
    shopper = look.shopper
    await shopper.go(site.product)
    await shopper.add_to_cart(quantity=2)
    await shopper.go("/cart")
    await shopper.by("save-for-later").click()
    await expect(shopper.by("later-line")).to_have_count(1)
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await look.at("/cart")
    await shopper.by("line-remove").click()
    undo = shopper.page.locator("#cart").get_by_test_id("put-back")
    await expect(undo).to_be_visible()
    await look.here()
    await undo.get_by_role("button").click()
    await expect(shopper.cart.lines).to_have_count(1)

"""A year with an account, from the first mail to the last click, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.member import PASSWORD, join, keep_an_address
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site
from tests.makers import unique

pytestmark = [pytest.mark.slow, pytest.mark.qa, pytest.mark.timeout(300)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_an_account_from_its_first_mail_to_its_end(site: Site, visit: Visit, script: bool) -> None:
    site.must_take_test_cards()
    shopper, email = await visit(site.url, script=script, size="phone"), f"{unique('grace')}@example.org"

    await join(shopper, site, email)
    await keep_an_address(shopper)
    number = await _buy(shopper, site, email)
    await _order_again(shopper, number)
    await _save(shopper, site)
    await _review(shopper, site)
    await _take_everything_along(shopper, number, email)
    await _leave(shopper, number, email)


async def _buy(shopper: Shopper, site: Site, email: str) -> str:
    """With what the account knows already: nothing is typed but the card. Returns the order's number."""
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.go("/cart")
    await shopper.cart.checkout.click()
    await expect(shopper.by("field-email")).to_have_value(email)
    await expect(shopper.by("field-postcode")).not_to_have_value("")
    await shopper.go_on("/checkout/shipping")
    await shopper.go_on("/checkout/review")
    await shopper.pay()
    number = await shopper.placed_order()
    await shopper.go("/account/orders")
    await expect(shopper.page.locator(f"a[href='/orders/{number}']").first).to_be_visible()
    return number


async def _order_again(shopper: Shopper, number: str) -> None:
    await shopper.go(f"/orders/{number}")
    await shopper.by("order-again").click()
    await expect(shopper.page).to_have_url(re.compile("/again$|/cart"))
    await shopper.go("/cart")
    await expect(shopper.cart.lines).to_have_count(1)


async def _save(shopper: Shopper, site: Site) -> None:
    await shopper.go(site.product)
    async with shopper.page.expect_response(lambda answer: "/lists/add" in answer.url):
        await shopper.by("save").click()
    await shopper.go("/account/lists")
    await expect(shopper.by("saved-line")).to_have_count(1)


async def _review(shopper: Shopper, site: Site) -> None:
    await shopper.go(f"/account/reviews{site.product.removeprefix('/p')}")
    await shopper.page.get_by_role("radio", name="4 stars").check()
    for name, value in {"title": "Holds tea", "body": "It holds tea, and keeps it warm.", "author": "Grace"}.items():
        await shopper.by(f"field-{name}").fill(value)
    await shopper.by("send-review").click()
    if not shopper.page.url.endswith("/thanks"):  # typed faster than people can, and asked to look once more
        await expect(shopper.by("field-title")).to_have_value("Holds tea")
        await shopper.page.wait_for_timeout(2500)
        await shopper.by("send-review").click()
    await expect(shopper.page).to_have_url(re.compile("/thanks$"))


async def _take_everything_along(shopper: Shopper, number: str, email: str) -> None:
    await shopper.go("/account/privacy")
    await expect(shopper.page.get_by_role("main")).to_contain_text("Holds tea")
    path = await shopper.by("export").get_attribute("href")
    everything = await (await shopper.page.context.request.get(str(path))).text()
    assert all(said in everything for said in (number, email, "SW1Y 4JH", "Holds tea", "Grace Hopper"))


async def _leave(shopper: Shopper, number: str, email: str) -> None:
    """An open order comes first; then account and way in are gone."""
    await shopper.go("/account/erase")
    await expect(shopper.by("open-orders")).to_contain_text(number)
    await shopper.go(f"/orders/{number}")
    await shopper.page.get_by_text("Cancel this order").click()
    await shopper.by("cancel-order").click()
    await expect(shopper.order.status).to_contain_text("cancelled")

    await shopper.go("/account/erase")
    await shopper.by("field-password").fill(PASSWORD)
    await shopper.by("erase").click()
    await expect(shopper.page).to_have_url(re.compile("/account/erased"))

    await shopper.go("/account/sign-in")
    await shopper.by("field-email").fill(email)
    await shopper.by("field-password").fill(PASSWORD)
    await shopper.by("sign-in").click()
    await expect(shopper.page.locator("#error-summary")).to_be_visible()

"""Pages that are there before the click, and never one that is somebody's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

DELIVERY = "performance.getEntriesByType('navigation')[0].deliveryType"


class Preloads:
    """What Chromium itself says of its rules and of each prefetch."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.mistakes: list[str] = []
        self.ready: set[str] = set()
        self.asked: set[str] = set()

    async def watch(self, shopper: Shopper) -> None:
        tools = await shopper.page.context.new_cdp_session(shopper.page)
        tools.on("Preload.ruleSetUpdated", self._rules)
        tools.on("Preload.prefetchStatusUpdated", self._prefetch)
        await tools.send("Preload.enable")

    def _rules(self, event: dict[str, Any]) -> None:
        self.sources.append(event["ruleSet"]["sourceText"])
        self.mistakes += [event["ruleSet"]["errorMessage"]] if "errorMessage" in event["ruleSet"] else []

    def _prefetch(self, event: dict[str, Any]) -> None:
        path = urlsplit(event["prefetchUrl"]).path
        self.asked.add(path)
        if event["status"] in ("Ready", "Success"):
            self.ready.add(path)


async def _until(shopper: Shopper, check: Any) -> None:
    for _ in range(150):
        if check():
            return
        await shopper.page.wait_for_timeout(100)
    raise AssertionError("the browser did not fetch in advance")


async def test_a_hovered_product_is_there_before_the_click(site: Site, visit: Visit) -> None:
    shopper, preloads = await visit(site.url), Preloads()
    await preloads.watch(shopper)
    await shopper.go(site.category)
    link = shopper.by("product-card").first.get_by_role("link").first
    path = await link.evaluate("link => link.pathname")

    await link.hover()
    await _until(shopper, lambda: path in preloads.ready)
    await link.click()
    await expect(shopper.by("add-to-cart").first).to_be_visible()

    assert await shopper.page.evaluate(DELIVERY) == "navigational-prefetch"
    assert preloads.sources
    assert not preloads.mistakes


async def test_what_is_somebodys_own_is_never_fetched_in_advance(site: Site, visit: Visit) -> None:
    shopper, preloads = await visit(site.url), Preloads()
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await preloads.watch(shopper)
    await shopper.go(site.category)

    for path in ("/cart", "/account"):
        for link in await shopper.page.locator(f"a[href='{path}']:visible").all():
            await link.hover()
            await shopper.page.wait_for_timeout(400)
    last = shopper.by("product-card").first.get_by_role("link").first
    await last.hover()
    await _until(shopper, lambda: preloads.ready)

    assert {path[:3] for path in preloads.asked} <= {"/", "/c/", "/p/"}


async def test_a_page_that_waited_is_forgotten_when_the_cart_changes(site: Site, visit: Visit) -> None:
    shopper, preloads = await visit(site.url), Preloads()
    await shopper.go(site.product)
    await preloads.watch(shopper)
    crumb = shopper.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").last
    path = await crumb.evaluate("link => link.pathname")
    await crumb.hover()
    await _until(shopper, lambda: path in preloads.ready)

    await shopper.add_to_cart()
    await shopper.go(path)

    await expect(shopper.by("cart-badge")).to_contain_text("1")
    assert await shopper.page.evaluate(DELIVERY) != "navigational-prefetch"

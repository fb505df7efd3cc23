"""Hearts of what is saved are full, on pages that are the same for everybody."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]


async def test_a_heart_is_full_after_a_press_and_a_reload_in_this_browser_alone(site: Site, visit: Visit) -> None:
    shopper, stranger = await visit(site.url), await visit(site.url)
    await shopper.go(site.category)
    heart = shopper.page.locator(".card__save").first
    name = await shopper.list.first_name()

    await heart.click()
    await expect(heart).to_have_attribute("aria-pressed", "true")
    await shopper.go(site.category)
    await stranger.go(site.category)

    await expect(heart).to_have_attribute("aria-pressed", "true")
    await expect(stranger.page.locator(".card__save").first).to_have_attribute("aria-pressed", "false")
    await shopper.go("/account/lists")
    await shopper.page.get_by_role("button", name=f"Remove {name}").click()
    await shopper.go(site.category)
    await expect(heart).to_have_attribute("aria-pressed", "false")

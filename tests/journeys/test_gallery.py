"""A picture looked at closely: by keys, by fingers, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.keys import Keys
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

SCALE = "visualViewport.scale"


async def test_without_javascript_a_picture_is_a_link_to_itself(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url, script=False)
    await shopper.go(site.product)

    href = await shopper.page.locator("a[data-zoom]").first.get_attribute("href")

    answer = await shopper.page.context.request.get(str(href))
    assert answer.headers["content-type"].startswith("image/")


async def test_keys_make_a_picture_larger_and_move_over_it(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    keys = Keys(shopper.page)
    picture = await _opened(shopper, site)
    larger, place = picture.get_by_role("button", name="Larger"), picture.locator("div")

    await keys.reach(larger, "Shift+Tab")
    await keys.press("Enter")
    await expect(larger).to_have_attribute("aria-pressed", "true")
    await keys.reach(place, "Shift+Tab")
    before = await place.evaluate("it => it.scrollTop")
    await keys.press("ArrowDown")

    await shopper.page.wait_for_function(
        "([it, before]) => it.scrollTop > before", arg=[await place.element_handle(), before]
    )
    assert await place.evaluate("it => it.scrollWidth > it.clientWidth")
    assert not keys.unseen, "\n".join(keys.unseen)


async def test_fingers_make_a_picture_larger(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url, size="phone", is_mobile=True)
    picture = await _opened(shopper, site)

    await picture.locator("img").tap()
    await expect(picture.get_by_role("button", name="Larger")).to_have_attribute("aria-pressed", "true")
    assert await picture.locator("div").evaluate("it => it.scrollWidth > 2 * it.clientWidth")
    await picture.locator("img").tap()
    await expect(picture.get_by_role("button", name="Larger")).to_have_attribute("aria-pressed", "false")

    tools = await shopper.page.context.new_cdp_session(shopper.page)
    await tools.send("Input.synthesizePinchGesture", {"x": 200, "y": 400, "scaleFactor": 2.5})
    assert await shopper.page.evaluate(SCALE) > 1.5


async def _opened(shopper: Shopper, site: Site) -> Locator:
    await shopper.go(site.product)
    await shopper.page.locator("[data-zoom]").first.press("Enter")
    picture = shopper.page.get_by_role("dialog", name="Picture")
    await expect(picture).to_be_visible()
    return picture

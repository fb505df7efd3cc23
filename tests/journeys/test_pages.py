"""What every page of a shop owes its visitors, looked at in a browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

PAGES = [
    "/",
    "/c/table",
    "/c/table/mugs",
    "/p/pell-mug",
    "/p/field-notebook",
    "/search?q=oak",
    "/cart",
    "/account",
    "/account/sign-in",
    "/account/sign-up",
    "/account/erased",
    "/no-such-page",
]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_no_accessibility_violation(site: Site, visit: Visit, path: str) -> None:
    for size, scheme in (("phone", "light"), ("desktop", "dark")):
        shopper = await visit(site.url, size=size, color_scheme=scheme)
        await shopper.go(site.here(path))

        found = await Axe().run(shopper.page)

        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_never_scrolls_sideways_and_never_shifts(site: Site, visit: Visit, path: str) -> None:
    shopper = await visit(site.url, size="phone")
    await shopper.page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) window.shift += e.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    await shopper.go(site.here(path))
    await shopper.page.wait_for_load_state("networkidle")

    assert await shopper.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await shopper.page.evaluate("window.shift") <= 0.01


@pytest.mark.parametrize("path", ["/", "/c/table", "/p/pell-mug"])
async def test_a_page_has_one_main_heading_and_sized_pictures(site: Site, visit: Visit, path: str) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.here(path))

    assert await shopper.page.locator("h1").count() == 1
    assert await shopper.page.locator("img:not([width]), img:not([height]), img:not([alt])").count() == 0

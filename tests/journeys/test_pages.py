"""What every page of a shop owes its visitors, looked at in a browser (accessibility: test_everyone.py)."""

from __future__ import annotations

import pytest

from tests.journeys.budgets import WATCH
from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

PAGES = ["/", "/c/table", "/p/pell-mug", "/search?q=oak", "/cart", "/account/sign-in", "/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_nothing_moves_while_a_page_arrives_and_the_console_is_empty(
    site: Site, visit: Visit, path: str, size: str
) -> None:
    shopper = await visit(site.url, size=size)
    await shopper.page.add_init_script(WATCH)
    await shopper.go(site.here(path))
    await shopper.page.wait_for_load_state("networkidle")

    assert await shopper.page.evaluate("window.shift") <= 0.01
    assert [said for said in shopper.console if "status of 4" not in said] == []


@pytest.mark.parametrize("path", ["/", "/c/table", "/p/pell-mug"])
async def test_a_page_has_one_main_heading_and_sized_pictures(site: Site, visit: Visit, path: str) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.here(path))

    assert await shopper.page.locator("h1").count() == 1
    assert await shopper.page.locator("img:not([width]), img:not([height]), img:not([alt])").count() == 0

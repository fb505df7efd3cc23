"""What a first visit costs, counted by a browser behind the real edge: bytes, requests, elements, shifts. These gate."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.journeys.budgets import ADMIN, BUDGETS, PHONE, first_visit, overspent
from tests.journeys.staff import cookies_of, signed_in
from tests.stack import Stack

pytestmark = pytest.mark.slow

LARGEST = {"/": {"img", "h1", "p"}, "/c/table": {"img", "h1"}, "/p/pell-mug": {"img", "h1"}}


@pytest.mark.parametrize("path", BUDGETS)
async def test_a_first_visit_stays_within_its_budget(stack: Stack, browser: Browser, path: str) -> None:
    cookies = _with_a_cart(stack) if path in ("/cart", "/checkout") else []

    cost = await first_visit(browser, stack.url + path, cookies)

    assert not overspent(cost, BUDGETS[path])
    assert not cost.strangers
    assert cost.shift <= 0.01


async def test_pictures_further_down_come_as_soon_as_somebody_scrolls(stack: Stack, browser: Browser) -> None:
    page = await browser.new_page(**PHONE)  # type: ignore[arg-type]
    await page.goto(stack.url + "/c/table")
    await page.wait_for_load_state("networkidle")
    there = "[...document.querySelectorAll('.card img')].filter(each => each.naturalWidth).length"
    before = await page.evaluate(there)

    await page.mouse.wheel(0, 30)
    await page.wait_for_function(f"{there} > {before + 3}")

    assert before < 8
    await page.context.close()


@pytest.mark.parametrize("path", LARGEST)
async def test_the_largest_thing_painted_was_fetched_first(stack: Stack, browser: Browser, path: str) -> None:
    tag, priority, lazy = (await first_visit(browser, stack.url + path)).largest

    assert tag in LARGEST[path]
    assert not lazy
    # In a list's first row all are of one size, so that any may be the one; none of them is lazy.
    assert tag != "img" or priority == "high" or path == "/c/table"


async def test_the_admins_list_stays_within_its_budget(stack: Stack, browser: Browser) -> None:
    cost = await first_visit(browser, f"{stack.admin_url}/products", signed_in(stack))

    assert not overspent(cost, ADMIN)
    assert not cost.strangers


def _with_a_cart(stack: Stack) -> list[dict[str, str]]:
    with stack.client() as client:
        page = client.get("/p/pell-mug").text
        variant = page.partition('name="variant_id" value="')[2].partition('"')[0]
        client.post("/cart/lines", data={"variant_id": variant, "quantity": "1"})
        return cookies_of(client, stack.url)

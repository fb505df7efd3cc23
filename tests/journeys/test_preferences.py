"""What shoppers ask of their system: less motion, colours of their own, more contrast, paper."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.keys import Keys
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

MOVING = """() => {
  const long = [], seconds = words => Math.max(...words.split(",").map(each => parseFloat(each)));
  for (const each of document.querySelectorAll("*")) for (const pseudo of [null, "::before", "::after"]) {
    const style = getComputedStyle(each, pseudo);
    if (Math.max(seconds(style.transitionDuration), seconds(style.animationDuration)) > 0.01 /* s */ || style.scrollBehavior === "smooth")
      long.push(each.localName + "." + each.className + (pseudo ?? ""));
  }
  return [...new Set(long)];
}"""
DRAWN = "(it, pseudo) => { const s = getComputedStyle(it, pseudo); return [s.outlineStyle, s.backgroundColor, s.backgroundImage, s.borderTopStyle].join(' ') }"
FRAMELESS = """() => [...document.querySelectorAll(".button, .input, .toast")]
  .filter(each => each.checkVisibility() && !(parseFloat(getComputedStyle(each).borderTopWidth) >= 1))
  .map(each => each.outerHTML.slice(0, 90))"""
ON_SCREEN_ONLY = "button, .button, nav, footer, input[type=search], [popover], dialog, .toast, .skip"
ENOUGH = {"runOnly": ["color-contrast-enhanced"], "resultTypes": ["violations"]}


@pytest.mark.parametrize("path", ["/", "/c/table", "/p/pell-mug", "/cart"])
async def test_nothing_moves_for_those_who_ask_for_it(site: Site, visit: Visit, path: str) -> None:
    shopper = await visit(site.url, reduced_motion="reduce")
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.go(site.here(path))

    assert await shopper.page.evaluate(MOVING) == []


async def test_with_colours_of_ones_own_what_is_chosen_can_be_told(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url, forced_colors="active")
    await shopper.go(site.product)
    await shopper.add_to_cart()

    assert await shopper.page.evaluate(FRAMELESS) == []
    chosen, others = (
        shopper.page.locator(f".theme label{which}").first for which in (":has(:checked)", ":not(:has(:checked))")
    )
    assert await chosen.evaluate(DRAWN) != await others.evaluate(DRAWN)
    if await shopper.product.options.count():
        chosen, others = (
            shopper.product.options.locator(f".value{which}").first
            for which in (":has(:checked)", ":not(:has(:checked))")
        )
        assert await chosen.evaluate(DRAWN) != await others.evaluate(DRAWN)
    keys = Keys(shopper.page)
    await keys.reach(shopper.by("save").first)
    assert not keys.unseen, "\n".join(keys.unseen)


async def test_with_colours_of_ones_own_stock_has_a_shape_for_each_state(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url, forced_colors="active")
    await shopper.go(site.product)
    dot = shopper.product.stock

    shapes = []
    for state in ("in", "few", "out"):
        await dot.evaluate("(it, state) => { it.className = 'stock stock--' + state }", state)
        shapes.append(await dot.evaluate(DRAWN, "::before"))

    assert len(set(shapes)) == 3, shapes


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_more_contrast_is_seven_to_one(site: Site, visit: Visit, scheme: str) -> None:
    shopper = await visit(site.url, color_scheme=scheme, contrast="more")
    wrong = []
    for path in ("/", site.category, site.product, "/account/sign-in"):
        await shopper.go(path)
        found = await Axe().run(shopper.page, options=ENOUGH)
        wrong += [f"{path} {node['target']}" for each in found.response["violations"] for node in each["nodes"]]

    assert not wrong


async def test_a_product_on_paper_is_what_is_said_of_it(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url, color_scheme="dark")
    await shopper.go(site.product)
    await shopper.page.emulate_media(media="print")

    await _only_for_reading(shopper)
    await expect(shopper.product.price).to_be_visible()
    await expect(shopper.product.title).to_be_visible()


async def test_an_order_on_paper_is_what_was_bought(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper = await visit(site.url, color_scheme="dark")
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.to_review()
    await shopper.pay()
    await shopper.placed_order()
    await shopper.page.emulate_media(media="print")

    await _only_for_reading(shopper)
    await expect(shopper.by("order-number")).to_be_visible()
    await expect(shopper.by("cart-total")).to_be_visible()


async def _only_for_reading(shopper: Shopper) -> None:
    """No tool of the screen is left, ink is dark on white, and links can be told from text."""
    assert await shopper.page.locator(ON_SCREEN_ONLY).locator("visible=true").count() == 0
    assert await shopper.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    link = shopper.page.get_by_role("main").get_by_role("link").locator("visible=true").first
    if await link.count():
        assert "underline" in await link.evaluate("it => getComputedStyle(it).textDecorationLine")

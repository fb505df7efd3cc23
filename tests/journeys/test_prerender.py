"""Products that are drawn before the click: they do nothing before they are opened, and are never older than the cart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.conftest import FLAGS, chromium
from tests.journeys.site import Site
from tests.journeys.unwatched import Tab, unwatched

pytestmark = [pytest.mark.slow, pytest.mark.qa]

CARD = ".card:nth-child(2) .card__link"
WAITED = "performance.getEntriesByType('navigation')[0].activationStart"
ASKED = "performance.getEntriesByType('resource').map(each => new URL(each.name).pathname)"
BADGE = "document.querySelector('[data-testid=cart-badge]').textContent.trim()"
SHOWN = "document.querySelector('#looked a')?.pathname"
ADD = """fetch("/cart/lines", {method: "POST", redirect: "manual",
    body: new URLSearchParams([...new FormData(document.querySelector("form[action$='/cart/lines']"))])}).then(() => true)"""


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    async with unwatched(chromium(), tmp_path, FLAGS) as running:
        yield running


async def test_a_hovered_product_is_drawn_and_does_nothing_before_the_click(site: Site, tab: Tab) -> None:
    await tab.go(site.url + site.product)
    await tab.ask(ADD)
    await tab.go(site.url + site.category)
    path = await tab.ask(f"document.querySelector({CARD!r}).pathname")
    await tab.hover(CARD)
    waiting = await tab.drawn_in_advance()

    drawn = await tab.ask("document.prerendering", waiting)
    noted, asked = await tab.ask("localStorage.seen", waiting), await tab.ask(ASKED, waiting)
    await tab.click(CARD)
    await tab.asked_until("!document.prerendering", waiting)

    assert drawn
    assert noted == site.product.rpartition("/")[2]
    assert all(each.startswith("/static/") for each in asked)
    assert await tab.ask(f"{WAITED} > 0 && location.pathname", waiting) == path
    assert (await tab.ask("localStorage.seen", waiting)).split(",")[0] == path.rpartition("/")[2]
    assert await tab.ask(BADGE, waiting) == "1"


async def test_what_was_looked_at_before_comes_when_the_waiting_page_is_opened(site: Site, tab: Tab) -> None:
    await tab.go(site.url + site.product)
    await tab.go(site.url + site.category)
    await tab.hover(CARD)
    waiting = await tab.drawn_in_advance()

    hidden = await tab.ask("document.querySelector('#looked').hidden", waiting)
    await tab.click(CARD)
    await tab.asked_until("!document.prerendering", waiting)
    await tab.ask("document.querySelector('#looked').scrollIntoView()", waiting)
    await tab.asked_until(SHOWN, waiting)

    assert hidden
    assert await tab.ask(SHOWN, waiting) == site.product


async def test_a_page_that_waits_goes_with_the_cart_it_was_drawn_for(site: Site, tab: Tab) -> None:
    await tab.go(site.url + site.product)
    form = await tab.ask("document.querySelector(\"form[action$='/cart/lines']\").outerHTML")
    await tab.go(site.url + site.category)
    await tab.ask(f"document.body.insertAdjacentHTML('beforeend', `<div hidden>{form}</div>`)")
    await tab.hover(CARD)
    waiting = await tab.drawn_in_advance()

    await tab.ask(ADD)
    await tab.until(lambda: any(event["sessionId"] == waiting for event in tab.told("Target.detachedFromTarget")))
    path = await tab.ask(f"document.querySelector({CARD!r}).pathname")
    await tab.click(CARD)
    await tab.asked_until(f"location.pathname === {path!r} && document.readyState === 'complete'")
    await tab.asked_until(f"{BADGE} === '1'")

    assert await tab.ask(WAITED) == 0


async def test_only_products_are_drawn_in_advance(site: Site, tab: Tab) -> None:
    await tab.go(site.url + site.category)
    await tab.hover("a[href='/cart']")
    await tab.hover(".menu a:not([aria-current])")
    await tab.until(lambda: tab.told("Preload.prefetchStatusUpdated"))
    await tab.hover(CARD)
    await tab.drawn_in_advance()

    drawn = {event["key"]["url"] for event in tab.told("Preload.prerenderStatusUpdated")}

    assert drawn == {site.url + await tab.ask(f"document.querySelector({CARD!r}).pathname")}

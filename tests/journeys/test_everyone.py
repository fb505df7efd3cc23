"""Every page for everyone: axe in light and dark, narrow, enlarged and widely spaced, and nothing in the console."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Route, expect

from app.main import create_app
from app.ops.rendering import vcl_of
from app.settings import settings
from app.web.refusals import GONE, RefusalView
from app.web.seal import filled
from app.web.templates import render
from app.web.visitor import ANONYMOUS
from tests.journeys.conftest import Visit
from tests.journeys.regard import complaints
from tests.journeys.site import Site
from tests.samples import sample
from tests.test_templates import FOLDER, view_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PUBLIC = {
    "home": "/",
    "category": "/c/table",
    "narrowed": "/c/table/mugs?stock=in&max=60",
    "collection": "/c/new-in",
    "search": "/search?q=oak",
    "search-none": "/search?q=zzzzz",
    "options": "/p/pell-mug",
    "no-options": "/p/noon-clock",
    "sold-out": "/p/weald-stool?o_seat=evergreen&o_wood=walnut",
    "reviews": "/p/pell-mug/reviews",
    "compare": "/compare?p=pell-mug&p=noon-clock",
    "compare-none": "/compare",
    "cart-empty": "/cart",
    "orders-none": "/account",
    "saved-none": "/account/lists",
    "sign-in": "/account/sign-in",
    "sign-up": "/account/sign-up",
    "reset": "/account/reset",
    "mail-sent": "/account/mail-sent",
    "erased": "/account/erased",
    "alert-sent": "/alerts/sent",
    "link-over": "/account/link/nothing",
    "contact": "/contact",
    "delivery": "/delivery",
    "privacy": "/privacy",
    "nothing-left": "/c/table/mugs?max=1",
    "alert-over": "/alerts/stop/nothing",
    "refused": "/checkout/place",
    "missing": "/no-such-page",
    "edge": "/a%5cb",  # refused by the edge, in the frame of its 429 and 503
}
# What takes a mail, a mistake or somebody else's form to be seen.
RARE = (
    "alerts/ask.html",
    "alerts/link.html",
    "cart/text.html",
    "errors/not_ours.html",
    "members/again.html",
    "members/review.html",
    "members/review_thanks.html",
    "orders/elsewhere.html",
    "orders/open.html",
)
AT_LARGE = {
    410: ("errors/gone.html", GONE[2]),
    500: ("errors/server_error.html", "Something went wrong on our side."),
    503: ("errors/server_error.html", "Please try again."),
}


@pytest.mark.qa
@pytest.mark.parametrize("name", PUBLIC)
async def test_a_page_anybody_can_open_is_for_everyone(site: Site, visit: Visit, name: str) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.here(PUBLIC[name]))

    _right(await complaints(shopper))


@pytest.mark.parametrize("status", AT_LARGE)
async def test_an_error_is_for_everyone(site: Site, visit: Visit, status: int) -> None:
    template, say = AT_LARGE[status]
    create_app()  # its holes are known from here on
    view = RefusalView(say=say, status=status, back="/")
    html = await filled(render(template, view=view, menu=_NoMenu, request_path="/"), ANONYMOUS)
    shopper = await visit(site.url)

    async def answer(route: Route) -> None:  # as a 200: Chromium complains of a 5xx by itself
        await route.fulfill(body=html, content_type="text/html; charset=utf-8")

    await shopper.page.route("**/broken", answer)
    await shopper.go("/broken")

    _right(await complaints(shopper))


@pytest.mark.parametrize("template", RARE)
async def test_a_page_of_a_rare_moment_is_for_everyone(site: Site, visit: Visit, template: str) -> None:
    create_app()
    view = sample(view_of(FOLDER / template), full=True)
    html = await filled(render(template, view=view, menu=_NoMenu, request_path="/"), ANONYMOUS)
    shopper = await visit(site.url)
    await shopper.page.route("**/rare", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    await shopper.go("/rare")

    _right(await complaints(shopper))


@pytest.mark.parametrize("status", [429, 503])
async def test_an_error_of_the_edge_is_for_everyone(site: Site, visit: Visit, status: int) -> None:
    rules = vcl_of(settings())
    [html] = re.findall(rf'resp\.status == {status}\) \{{\s*set resp\.body = \{{"(<!doctype.*?)"\}};', rules, re.S)
    shopper = await visit(site.url)
    await shopper.page.route("**/busy", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    await shopper.go("/busy")

    await expect(shopper.page.get_by_role("searchbox")).to_be_visible()
    _right(await complaints(shopper))


@pytest.mark.qa
async def test_what_opens_over_a_page_is_for_everyone(site: Site, visit: Visit) -> None:
    shopper, wrong = await visit(site.url), []
    await shopper.go(site.category)
    await shopper.page.get_by_role("button", name=re.compile("Quick view")).first.press("Enter")
    await expect(shopper.page.locator("#quick h2")).to_be_visible()
    wrong += await complaints(shopper)

    await shopper.go("/")
    await shopper.by("search-input").first.press_sequentially("mug")
    await expect(shopper.by("suggest-item").first).to_be_visible()
    wrong += await complaints(shopper)

    await shopper.go(site.product)
    await shopper.page.locator("[data-zoom]").first.press("Enter")
    await expect(shopper.page.get_by_role("dialog", name="Picture")).to_be_visible()
    wrong += await complaints(shopper)

    _right(wrong)


@pytest.mark.qa
async def test_a_purchase_is_for_everyone(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper, wrong = await visit(site.url), []
    await shopper.go(site.product)
    await shopper.add_to_cart()
    wrong += await complaints(shopper)  # with the small cart over it
    await shopper.go("/cart")
    await shopper.page.get_by_text("Have a code?").click()
    await shopper.by("field-code").fill("NONSENSE")
    await shopper.by("field-code").press("Enter")
    await expect(shopper.by("field-error")).to_be_visible()
    wrong += await complaints(shopper)
    await shopper.go("/checkout")
    wrong += await complaints(shopper)
    await shopper.page.get_by_role("button", name="Continue").click()
    await expect(shopper.page.locator("#error-summary")).to_be_visible()
    wrong += await complaints(shopper)
    await shopper.fill_details()
    await shopper.go_on("/checkout/shipping")
    wrong += await complaints(shopper)
    await shopper.go_on("/checkout/review")
    wrong += await complaints(shopper)
    await shopper.by("place-order").click()
    await expect(shopper.page).to_have_url(re.compile("/dev/pay/"))
    wrong += await complaints(shopper)
    await shopper.by("field-number").fill("4242424242424242")
    await shopper.page.get_by_role("button", name=re.compile("pay", re.I)).click()
    await shopper.placed_order()
    wrong += await complaints(shopper)

    _right(wrong)


def _right(wrong: list[str]) -> None:
    assert not wrong, "\n".join(wrong)


class _NoMenu:
    items: tuple[()] = ()
    collections: tuple[()] = ()

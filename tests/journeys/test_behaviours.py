"""What the shop promises of how it behaves, where no other journey says it (README.md lists which test says what)."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from playwright.async_api import Route, expect

from tests.buying import put_into_cart
from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa]

TOKENS = {
    "email": "email", "name": "shipping name", "line1": "shipping address-line1", "line2": "shipping address-line2",
    "city": "shipping address-level2", "postcode": "shipping postal-code", "country": "shipping country", "phone": "shipping tel",
}  # fmt: skip
ASKS = [
    {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main#main"},
    {"HX-Request": "true", "HX-Request-Type": "full", "HX-Boosted": "true"},
    {"HX-History-Restore-Request": "true", "HX-Request-Type": "full"},
]
OURS = {"Accept-Encoding", "X-Vitrine-Brotli"}


@pytest.mark.parametrize("path", ["/", "/c/table", "/p/pell-mug", "/search?q=mug", "/no-such-page"])
def test_a_public_address_is_one_document_however_htmx_asks(site: Site, path: str) -> None:
    with httpx.Client(base_url=site.url, timeout=20) as stranger:
        plain = stranger.get(site.here(path))
        asked = [stranger.get(site.here(path), headers=headers) for headers in ASKS]

    assert {answer.content for answer in asked} == {plain.content}
    assert not any(set(answer.headers.get("vary", "Accept-Encoding").split(", ")) - OURS for answer in (plain, *asked))


def test_a_browser_can_fill_the_address_by_itself(site: Site) -> None:
    with site.client() as client:
        put_into_cart(client, site.product)
        page = client.get("/checkout").text

    fields = re.findall(r"<(?:input|select)[^>]*>", page)
    named = {re.search(r'name="(\w+)"', each)[1]: each for each in fields if 'data-testid="field-' in each}  # type: ignore[index]

    assert {name: f'autocomplete="{token}"' in named[name] for name, token in TOKENS.items()} == dict.fromkeys(
        TOKENS, True
    )


async def test_adding_says_so_once_and_takes_nobodys_focus(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.product)
    button = shopper.by("add-to-cart").first
    await button.focus()

    await shopper.page.keyboard.press("Enter")

    said = shopper.page.get_by_role("status").filter(has_text="Added")
    await expect(said).to_have_count(1)
    await expect(said).to_contain_text("1 × Pell mug")
    await expect(shopper.by("cart-badge")).to_contain_text("1")
    await expect(button).to_be_focused()


async def test_news_leaves_and_a_no_stays_until_it_is_closed_or_something_else_is_tried(
    site: Site, visit: Visit
) -> None:
    shopper = await visit(site.url)
    await shopper.page.clock.install()
    await shopper.go(site.product)
    button, no = shopper.by("add-to-cart").first, shopper.page.get_by_role("alert").filter(has_text="No more of these")

    await shopper.page.route("**/cart/lines", _refuse)
    await button.press("Enter")
    await expect(no).to_be_visible()
    await shopper.page.clock.fast_forward(60_000)
    await expect(no).to_be_visible()
    await no.get_by_role("button", name="Close").press("Enter")
    await expect(no).to_have_count(0)
    await expect(button).to_be_focused()

    await button.press("Enter")
    await expect(no).to_be_visible()
    await shopper.page.unroute("**/cart/lines")
    await shopper.add_to_cart()
    await expect(no).to_have_count(0)
    await shopper.page.mouse.move(0, 0)
    await button.focus()
    await shopper.page.clock.fast_forward(60_000)
    await expect(shopper.page.locator("#toasts")).to_be_empty()


async def _refuse(route: Route) -> None:
    body, headers = '<div class="toast toast--bad"><p data-say>No more of these.</p></div>', {"HX-Retarget": "#alerts"}
    await route.fulfill(status=409, body=body, headers=headers, content_type="text/html")


async def test_what_is_typed_is_asked_for_in_the_one_spelling(site: Site, visit: Visit) -> None:
    shopper, asked = await visit(site.url), []
    await shopper.go("/")
    shopper.page.on("request", lambda request: "/_f/suggest" in request.url and asked.append(request.url))

    await shopper.by("search-input").first.press_sequentially(" Mug ")
    await expect(shopper.by("suggest-item").first).to_be_visible()

    assert asked and {url.partition("?")[2] for url in asked} <= {"q=", "q=m", "q=mu", "q=mug"}


async def test_letters_stay_while_another_cover_is_chosen(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    if await shopper.go("/p/monogram-journal?o_cover=navy") != 200:
        pytest.skip(f"{site.url} does not sell the demo's journal")
    letters = shopper.by("field-personal_text")
    await letters.fill("ABC")

    await shopper.by("variant-option").filter(has_text="Plum").click()

    await expect(shopper.page).to_have_url(re.compile("o_cover=plum"))
    await expect(letters).to_have_value("ABC")


async def test_a_button_is_busy_until_the_shop_has_answered(site: Site, visit: Visit) -> None:
    shopper, answered = await visit(site.url), asyncio.Event()

    async def held(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await shopper.page.route("**/cart/lines", held)
    await shopper.go(site.product)
    await shopper.by("add-to-cart").first.click()

    busy = shopper.page.locator("[aria-busy=true]")
    await expect(busy).to_have_count(1)
    answered.set()
    await expect(shopper.by("cart-badge")).to_contain_text("1")
    await expect(busy).to_have_count(0)


async def test_without_a_network_the_shop_says_so_and_keeps_what_was_typed(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.product)
    await shopper.product.quantity.fill("3")
    await shopper.page.context.set_offline(True)

    await shopper.product.add.click()

    await expect(shopper.page.locator("#alerts")).to_contain_text("You seem to be offline")
    await expect(shopper.product.quantity).to_have_value("3")
    await shopper.page.context.set_offline(False)
    await shopper.product.add.click()
    await expect(shopper.by("cart-badge")).to_contain_text("3")
    assert shopper.complaints
    shopper.complaints.clear()  # the browser's own, of a network that was away


async def test_a_mistake_is_said_on_leaving_a_field_and_taken_back_once_it_is_right(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.go("/checkout")
    field, said = shopper.by("field-email"), shopper.page.locator("#email-error")

    await field.press_sequentially("ada")
    quiet = await said.inner_text()
    await field.blur()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(said).not_to_be_empty()
    await field.fill("ada@example.com")

    await expect(said).to_be_empty()
    await expect(field).not_to_have_attribute("aria-invalid", "true")
    assert not quiet

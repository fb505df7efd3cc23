"""The purchase with nothing but a keyboard, and what opens over a page: the focus goes in, stays in, and comes back."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.keys import Keys
from tests.journeys.shopper import ADDRESS, GOOD_CARD, Shopper
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa, pytest.mark.timeout(300)]


async def test_a_purchase_takes_no_pointer(site: Site, visit: Visit) -> None:
    site.must_take_test_cards()
    shopper = await visit(site.url, reduced_motion="reduce")
    keys = Keys(shopper.page)
    await shopper.go("/")

    await _search(shopper, keys, site.product)
    await _choose_and_add(shopper, keys)
    await _check_out(shopper, keys)
    await keys.reach(shopper.by("field-number"))
    await keys.type(GOOD_CARD)
    await keys.press("Enter")
    await shopper.placed_order()

    assert not keys.unseen, "\n".join(keys.unseen)


async def test_the_first_stop_leads_past_the_menu(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    keys = Keys(shopper.page)
    await shopper.go(site.category)

    await keys.press("Tab")
    await keys.look()
    await expect(shopper.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await keys.press("Enter")

    await expect(shopper.page.locator("main")).to_be_focused()
    assert not keys.unseen, "\n".join(keys.unseen)


async def test_a_quick_view_has_the_focus_until_it_closes(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    keys = Keys(shopper.page)
    await shopper.go(site.category)
    button = shopper.page.get_by_role("button", name=re.compile("Quick view")).first
    await button.focus()

    await keys.press("Enter")
    await expect(shopper.page.locator("#quick h2")).to_be_visible()
    await keys.reach(shopper.page.locator("#quick [data-testid=add-to-cart]"))
    await keys.press("Escape")

    await expect(shopper.page.locator("#quick")).to_be_hidden()
    await expect(button).to_be_focused()
    assert not keys.unseen, "\n".join(keys.unseen)


async def test_a_picture_opens_large_and_gives_the_focus_back(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    keys = Keys(shopper.page)
    await shopper.go(site.product)
    link, picture = shopper.page.locator("[data-zoom]").first, shopper.page.get_by_role("dialog", name="Picture")
    await link.focus()

    await keys.press("Enter")
    await expect(picture.get_by_role("button", name="Close")).to_be_focused()
    names = []
    for _ in range(8):
        await keys.press("Tab")
        await keys.look(may_leave=True)
        names.append(await shopper.page.evaluate("!!document.activeElement.closest('dialog, html:not(:has(dialog))')"))
    await keys.press("Escape")

    await expect(picture).to_have_count(0)
    await expect(link).to_be_focused()
    assert sum(names) >= 6, "the focus left the dialog"  # between its ends a browser shows its own bar
    assert not keys.unseen, "\n".join(keys.unseen)


async def test_mistakes_are_one_key_from_their_fields(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    keys = Keys(shopper.page)
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.go("/checkout")
    await keys.reach(shopper.page.get_by_role("button", name="Continue"))

    await keys.press("Enter")
    await expect(shopper.page.locator("#error-summary")).to_be_focused()
    await keys.press("Tab", "Enter")

    await expect(shopper.by("field-email")).to_be_focused()


async def _search(shopper: Shopper, keys: Keys, product: str) -> None:
    """From the home page to a product, by the arrow keys among what is suggested."""
    field, said = shopper.by("search-input").first, shopper.by("suggest-item")
    words = product.rpartition("/")[2].replace("-", " ")
    await keys.reach(field)
    await keys.type(words[:4])
    await expect(said.first).to_be_visible()
    await keys.press("ArrowDown")
    await expect(field).to_have_attribute("aria-activedescendant", re.compile(r"^suggestion-"))
    await keys.press("Escape")
    await expect(said).to_have_count(0)
    await expect(field).to_have_value(words[:4])

    await keys.type(words[4:])
    await expect(shopper.page.locator(f"[role=option][href$='{product}']")).to_be_visible()
    for _ in range(10):
        await keys.press("ArrowDown")
        if await shopper.page.locator(f"[aria-selected=true][href$='{product}']").count():
            break
    await keys.press("Enter")
    await expect(shopper.page).to_have_url(re.compile(re.escape(product)))


async def _choose_and_add(shopper: Shopper, keys: Keys) -> None:
    before = await shopper.product.variant.input_value()
    if await shopper.product.options.count():
        await keys.reach(shopper.product.options.locator("input:checked").first)
        await keys.press("ArrowRight")
        await expect(shopper.product.variant).not_to_have_value(before)
        await expect(shopper.product.options.locator("input:focus")).to_be_checked()
        await keys.look()
    await keys.reach(shopper.product.add)
    await keys.press("Enter")
    await expect(shopper.page.locator("#toasts")).to_contain_text("Added")
    await expect(shopper.product.add).to_be_focused()
    await keys.look()
    await keys.reach(shopper.page.locator("#cart-badge"), "Shift+Tab")
    await keys.press("Enter")
    await expect(shopper.page).to_have_url(re.compile("/cart$"))


async def _check_out(shopper: Shopper, keys: Keys) -> None:
    await keys.reach(shopper.cart.checkout)
    await keys.press("Enter")
    await expect(shopper.page).to_have_url(re.compile("/checkout$"))
    for name, value in ADDRESS.items():
        await keys.reach(shopper.by(f"field-{name}"))
        await keys.type(value)
    await keys.reach(shopper.page.get_by_role("button", name="Continue"))
    await keys.press("Enter")
    await expect(shopper.page).to_have_url(re.compile("/checkout/shipping"))
    await keys.reach(shopper.by("field-shipping_code").and_(shopper.page.locator(":checked")))
    await keys.press("ArrowDown")
    await keys.look()
    await keys.reach(shopper.page.get_by_role("button", name="Continue"))
    await keys.press("Enter")
    await expect(shopper.page).to_have_url(re.compile("/checkout/review"))
    await keys.reach(shopper.by("place-order"))
    await keys.press("Enter")
    await expect(shopper.page).to_have_url(re.compile("/dev/pay/"))

"""A field says what is wrong when it is left, and takes it back only when that is so."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.qa, pytest.mark.timeout(300)]


async def at_details(site: Site, visit: Visit) -> Shopper:
    shopper = await visit(site.url)
    await shopper.go(site.product)
    await shopper.add_to_cart()
    await shopper.go("/checkout")
    return shopper


async def left_with(shopper: Shopper, name: str, text: str) -> None:
    """Types into a field as a person does, and leaves it."""
    field = shopper.by(f"field-{name}")
    await field.fill("")
    await field.press_sequentially(text)
    await field.blur()


async def test_every_field_with_a_rule_is_judged_when_it_is_left(site: Site, visit: Visit) -> None:
    shopper = await at_details(site, visit)
    wrong = {"email": "ada@nowhere", "postcode": "12345", "phone": "call me", "name": "  ", "line1": " ", "city": " "}
    good = {
        "email": "ada@example.org",
        "postcode": "yo1 7aa",
        "phone": "+44 20 1234",
        "name": "Ada",
        "line1": "1 A",
        "city": "York",
    }

    for name, text in wrong.items():
        said = shopper.page.locator(f"#{name}-error")
        await left_with(shopper, name, text)
        await expect(said).not_to_be_empty()
        await expect(shopper.by(f"field-{name}")).to_have_attribute("aria-invalid", "true")
        await left_with(shopper, name, good[name])
        await expect(said).to_be_empty()


async def test_a_postcode_is_judged_by_the_country_chosen(site: Site, visit: Visit) -> None:
    shopper = await at_details(site, visit)
    said = shopper.page.locator("#postcode-error")

    await left_with(shopper, "postcode", "75011")
    await expect(said).to_have_text("This is not a UK postcode.")
    await shopper.by("field-country").select_option("FR")
    await expect(said).to_be_empty()
    await shopper.by("field-country").select_option("NL")

    await expect(said).to_have_text("This is not a Dutch postcode.")


async def test_what_the_server_said_stays_while_it_is_still_so(site: Site, visit: Visit) -> None:
    shopper = await at_details(site, visit)
    postcode, said = shopper.by("field-postcode"), shopper.page.locator("#postcode-error")
    await shopper.fill_details(postcode="1234")
    await shopper.page.get_by_role("button", name="Continue to delivery").click()
    await expect(said).to_have_text("This is not a UK postcode.")

    await postcode.press("End")
    await postcode.press_sequentially("5")
    await expect(said).to_have_text("This is not a UK postcode.")
    await postcode.fill("YO1 7AA")

    await expect(said).to_be_empty()

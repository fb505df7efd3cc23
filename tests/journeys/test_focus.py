"""What comes in the place of what was pressed has the focus, and what was asked for is in sight."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.keys import Keys
from tests.journeys.site import Site

pytestmark = pytest.mark.slow

REVIEWED, WRITTEN_ON, SOLD_OUT = "/p/pell-mug", "/p/monogram-journal", "/p/pell-mug?o_glaze=ochre&o_size=450"
TITLE = "#reviews-title"


async def _pressed(keys: Keys, button: Locator) -> None:
    await button.focus()
    await keys.press("Enter")


async def _has_focus_in_sight(keys: Keys, wanted: Locator) -> None:
    await expect(wanted).to_be_focused()
    await expect(wanted).to_be_in_viewport()
    await keys.look()


async def test_more_of_a_list_begins_at_its_first_card(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url, reduced_motion="reduce")
    keys = Keys(shopper.page)
    await shopper.go("/c/table")
    before = await shopper.list.cards.count()

    await _pressed(keys, shopper.page.locator("#more"))

    await _has_focus_in_sight(keys, shopper.page.locator("#grid .card__link").nth(before))
    assert not keys.unseen, "\n".join(keys.unseen)


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_other_reviews_begin_at_their_title(site: Site, visit: Visit, size: str) -> None:
    shopper = await visit(site.url, size=size, reduced_motion="reduce")
    keys, title = Keys(shopper.page), shopper.page.locator(TITLE)
    await shopper.go(REVIEWED)

    await _pressed(keys, shopper.by("all-reviews"))
    await _has_focus_in_sight(keys, title)
    await _pressed(keys, shopper.page.get_by_role("link", name="More reviews"))
    await expect(shopper.page.get_by_text("Page 2 of")).to_have_count(1)
    await _has_focus_in_sight(keys, title)

    assert not keys.unseen, "\n".join(keys.unseen)


async def test_thanks_for_a_vote_and_for_an_address_have_the_focus_of_their_buttons(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url, reduced_motion="reduce")
    keys = Keys(shopper.page)
    await shopper.go(REVIEWED + "/reviews")
    await _pressed(keys, shopper.by("vote").first.get_by_role("button", name="Yes"))
    await _has_focus_in_sight(keys, shopper.page.get_by_text("Thank you. Votes are counted"))

    await shopper.go(SOLD_OUT)
    await shopper.page.locator("#alert-email").fill("ada@example.org")
    await _pressed(keys, shopper.by("alert-form").get_by_role("button"))
    await _has_focus_in_sight(keys, shopper.page.get_by_text("if the address is right"))

    assert not keys.unseen, "\n".join(keys.unseen)


async def test_what_can_not_be_written_is_said_where_one_looks_wherever_the_button_was(
    site: Site, visit: Visit
) -> None:
    shopper = await visit(site.url, size="phone", reduced_motion="reduce")
    await shopper.go(WRITTEN_ON)
    field = shopper.by("field-personal_text")
    await field.fill("A1")
    await shopper.page.locator("#reviews").scroll_into_view_if_needed()
    await expect(field).not_to_be_in_viewport()

    await shopper.page.locator("#buybar button").click()

    await expect(shopper.by("field-error")).to_be_in_viewport()
    await expect(field).to_be_focused()
    await expect(field).to_have_value("A1")


async def test_the_first_thumbnail_is_of_what_was_chosen(site: Site, visit: Visit) -> None:
    shopper = await visit(site.url)
    await shopper.go(REVIEWED)
    large, small = shopper.page.locator("#main-picture img"), shopper.page.locator(".thumbs [aria-current] img")
    before = str(await large.get_attribute("src"))

    await shopper.by("variant-option").filter(has_text="Rust").click()

    await expect(large).not_to_have_attribute("src", before)
    await expect(small).to_have_attribute("src", str(await large.get_attribute("src")))

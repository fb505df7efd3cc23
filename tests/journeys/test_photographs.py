"""What a browser fetches of a photograph, behind the real edge."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Response, expect

from tests.journeys.budgets import PHONE
from tests.stack import Stack

pytestmark = pytest.mark.slow


async def test_a_phone_fetches_a_photograph_as_large_as_it_draws_it(stack: Stack, browser: Browser) -> None:
    context = await browser.new_context(**PHONE | {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2})  # type: ignore[arg-type]
    page, answers = await context.new_page(), list[Response]()
    page.on(
        "response",
        lambda answer: answers.append(answer) if "image/avif" in answer.headers.get("content-type", "") else None,
    )
    await page.goto(stack.url + "/p/dunmore-jug")
    large, small = page.locator("#gallery picture img"), page.locator(".thumbs picture img")
    await large.scroll_into_view_if_needed()
    await expect(large).to_have_js_property("complete", True)
    await expect(small).to_have_js_property("complete", True)

    drawn = await large.evaluate(
        "it => [it.currentSrc, it.getBoundingClientRect().width, it.getBoundingClientRect().height]"
    )
    thumb = await small.evaluate("it => [it.currentSrc, it.getBoundingClientRect().width]")

    assert (
        drawn[0].endswith(".960.avif")
        and 640 < 2 * drawn[1] <= 960
        and drawn[2] == pytest.approx(drawn[1] * 1.25, abs=2)
    )
    assert thumb[0].endswith(".320.avif") and 2 * thumb[1] <= 320
    for answer in answers:
        said = await answer.all_headers()
        assert answer.status == 200 and "immutable" in said["cache-control"] and "content-encoding" not in said
        assert said["x-content-type-options"] == "nosniff"
    assert len(answers) == 2
    await page.locator("[data-zoom]:has(picture)").click()
    await expect(page.locator(".zoom img")).to_have_js_property("naturalWidth", 960)
    await context.close()

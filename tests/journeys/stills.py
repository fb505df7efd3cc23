"""Every page as it looks: how to get to each, and a picture of it that repeats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import product

from playwright.async_api import Browser, Page, expect

from tests.journeys.conftest import SIZES
from tests.journeys.shopper import Shopper
from tests.journeys.staff import signed_in
from tests.stack import Stack

CLOCK = "2026-11-20T10:00:00+00:00"
SCHEMES = ("light", "dark")
SHOTS = list(product(SIZES, SCHEMES))
# Random by design, or the database's own time: the same words each time, since a mask would be as wide as what it hides.
STILL = """() => {
  for (const each of document.querySelectorAll("[data-testid=order-number]")) each.textContent = "00000000";
  for (const each of document.querySelectorAll("time")) each.textContent = "1 January 2026";
}"""
TALLEST = 2400  # px of a page that are looked at
READY = """async () => {
  for (const image of document.images) image.loading = "eager";
  await document.fonts.ready;
  await Promise.all([...document.images].filter(i => i.getClientRects().length).map(i => i.decode().catch(() => 0)));
}"""

Going = Callable[[Shopper, str], Awaitable[None]]


def at(path: str) -> Going:
    async def go(shopper: Shopper, origin: str) -> None:
        await shopper.go(origin + path)

    return go


async def _cart(shopper: Shopper, origin: str) -> None:
    await shopper.go(f"{origin}/p/pell-mug")
    await shopper.add_to_cart(quantity=2)
    await shopper.go(f"{origin}/cart")


async def _checkout(shopper: Shopper, origin: str) -> None:
    await shopper.go(f"{origin}/checkout")


async def _shipping(shopper: Shopper, origin: str) -> None:
    await shopper.fill_details()
    await shopper.go_on("/checkout/shipping")


async def _review(shopper: Shopper, origin: str) -> None:
    await shopper.go_on("/checkout/review")


async def _order(shopper: Shopper, origin: str) -> None:
    await shopper.pay()
    await shopper.placed_order()


async def _admin_product(shopper: Shopper, origin: str) -> None:
    await shopper.go(f"{origin}/products?q=pell+mug")
    await shopper.page.get_by_role("link", name="Pell mug", exact=True).first.click()
    await expect(shopper.by("admin-save").first).to_be_visible()


# In this order, by one shopper of each size and scheme: the cart of one step is bought by a later one.
PAGES: dict[str, Going] = {
    "home": at("/"),
    "category": at("/c/table"),
    "product": at("/p/pell-mug"),
    "search": at("/search?q=oak"),
    "search-none": at("/search?q=zzzzz"),
    "sign-in": at("/account/sign-in"),
    "cart-empty": at("/cart"),
    "cart": _cart,
    "checkout": _checkout,
    "checkout-shipping": _shipping,
    "checkout-review": _review,
    "order": _order,
    "not-found": at("/no-such-page"),
}
# The same once more, at a desk by day: on paper, and in colours of the reader's own.
OTHERWISE: dict[str, dict[str, str]] = {"paper": {"media": "print"}, "forced": {"forced_colors": "active"}}
PLAIN = {"media": "screen", "forced_colors": "none"}
AGAIN = {"product": ("paper", "forced"), "category": ("forced",), "checkout": ("forced",), "order": ("paper",)}
ADMIN: dict[str, Going] = {
    "admin-products": at("/products"),
    "admin-product": _admin_product,
}


async def stills(browser: Browser, stack: Stack) -> AsyncIterator[tuple[str, bytes]]:
    """A name and a PNG for each page, on phone and desktop, light and dark; of some on paper and in forced colours."""
    staff = signed_in(stack)
    for size, scheme in SHOTS:
        for origin, pages in ((stack.url, PAGES), (stack.admin_url, ADMIN)):
            context = await browser.new_context(
                viewport=SIZES[size], color_scheme=scheme, has_touch=size == "phone", reduced_motion="reduce"
            )
            context.set_default_timeout(40_000)
            if pages is ADMIN:
                await context.add_cookies(staff)  # type: ignore[arg-type]
            shopper = Shopper(await context.new_page(), script=True)
            for name, go in pages.items():
                await go(shopper, origin)
                yield f"{name}-{size}-{scheme}", await picture(shopper.page, size)
                for how in AGAIN.get(name, ()) if (size, scheme) == ("desktop", "light") else ():
                    await shopper.page.emulate_media(**OTHERWISE[how])  # type: ignore[arg-type]
                    yield f"{name}-{how}", await picture(shopper.page, size)
                    await shopper.page.emulate_media(**PLAIN)  # type: ignore[arg-type]
            await context.close()


async def picture(page: Page, size: str) -> bytes:
    """The whole page, once nothing moves any more: everything far down is asked for, decoded and swapped in."""
    width = SIZES[size]["width"]
    for _ in range(2):  # what comes in may make it longer
        height = min(await page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        await page.set_viewport_size({"width": width, "height": max(height, SIZES[size]["height"])})
        await page.wait_for_load_state("networkidle")
        await page.evaluate(READY)
    await page.evaluate(STILL)
    shot = await page.screenshot(animations="disabled", caret="hide")
    await page.set_viewport_size(SIZES[size])
    return shot

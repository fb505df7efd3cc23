"""Takes the pictures of the READMEs from a shop of its own, its clock stopped: `python -m tests.journeys.screenshots`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pyvips
from playwright.async_api import Browser, Page, async_playwright

from tests.journeys.conftest import FLAGS, SIZES, chromium
from tests.journeys.shopper import Shopper
from tests.journeys.staff import signed_in
from tests.journeys.stills import CLOCK, READY
from tests.stack import Stack

FOLDER = Path(__file__).parent / "screenshots"
QUALITY = 74  # of the WebP: all of them stay below 1.2 MB
PUBLIC = {"home": "/", "list": "/c/table?f_glaze=celadon", "product": "/p/pell-mug"}
STRIP = {"home": "/", "list": "/c/table", "product": "/p/pell-mug"}
GAP = 24  # px between the phones of the strip


async def main() -> None:
    """Writes every picture."""
    FOLDER.mkdir(exist_ok=True)
    shop = Stack(clock=CLOCK)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=["--headless", *FLAGS])
            await _public(browser, shop)
            await _buying(browser, shop)
            await _staff(browser, shop)
            for scheme in ("light", "dark"):
                await _strip(browser, shop, scheme)
            await browser.close()
    finally:
        await asyncio.to_thread(shop.stop)


async def _public(browser: Browser, shop: Stack) -> None:
    page = await _page(browser, shop.url)
    for name, path in PUBLIC.items():
        await page.goto(path)
        _keep(name, await _shot(page))


async def _buying(browser: Browser, shop: Stack) -> None:
    page = await _page(browser, shop.url)
    shopper = Shopper(page, script=True)
    for path in ("/p/pell-mug", "/p/noon-clock"):
        await shopper.go(path)
        await shopper.add_to_cart()
    await shopper.go("/cart")
    _keep("cart", await _shot(page))
    await shopper.go("/checkout")
    await shopper.fill_details()
    await shopper.go_on("/checkout/shipping")
    _keep("checkout", await _shot(page))


async def _staff(browser: Browser, shop: Stack) -> None:
    cookies = signed_in(shop)
    page = await _page(browser, shop.admin_url)
    await page.context.add_cookies(cookies)  # type: ignore[arg-type]
    for name, path in {"admin": "/products", "xray": "/x-ray?url=/p/pell-mug"}.items():
        await page.goto(path)
        _keep(name, await _shot(page))


async def _strip(browser: Browser, shop: Stack, scheme: str) -> None:
    """Three phones beside each other."""
    page = await _page(browser, shop.url, size="phone", scheme=scheme)
    shots = []
    for path in STRIP.values():
        await page.goto(path)
        shots.append(pyvips.Image.new_from_buffer(await _shot(page), ""))
    strip = pyvips.Image.arrayjoin(shots, across=len(shots), shim=GAP, background=[128, 128, 128])
    _keep(f"phones-{scheme}", strip.pngsave_buffer())


async def _page(browser: Browser, origin: str, *, size: str = "desktop", scheme: str = "light") -> Page:
    context = await browser.new_context(
        base_url=origin, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce",
        is_mobile=size == "phone", has_touch=size == "phone",
    )  # fmt: skip
    context.set_default_timeout(40_000)
    return await context.new_page()


async def _shot(page: Page) -> bytes:
    await page.wait_for_load_state("networkidle")
    await page.evaluate(READY)
    return await page.screenshot(animations="disabled", caret="hide")


def _keep(name: str, png: bytes) -> None:
    pyvips.Image.new_from_buffer(png, "").webpsave(str(FOLDER / f"{name}.webp"), Q=QUALITY, effort=6, keep="none")


if __name__ == "__main__":
    asyncio.run(main())

"""Takes the pictures of the READMEs from a running shop: `python -m tests.journeys.screenshots [URL]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.journeys.conftest import FLAGS, SIZES, chromium

FOLDER = Path(__file__).parent / "screenshots"
SHOTS = [
    ("home", "/", "desktop", "light"),
    ("list-dark", "/c/table", "desktop", "dark"),
    ("product", "/p/pell-mug", "desktop", "light"),
    ("home-phone", "/", "phone", "light"),
    ("product-phone", "/p/pell-mug", "phone", "dark"),
]


async def main(url: str) -> None:
    """Writes every picture. The shop must run with the demo catalogue."""
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--headless", *FLAGS])
        for name, path, size, scheme in SHOTS:
            page = await browser.new_page(base_url=url, viewport=SIZES[size], color_scheme=scheme)
            await page.goto(path)
            await _settled(page)
            await page.screenshot(path=FOLDER / f"{name}.png")
            await page.close()
        await browser.close()


async def _settled(page: Page) -> None:
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"))

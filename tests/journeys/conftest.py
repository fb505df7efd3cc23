from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.journeys.shopper import Shopper

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
KEPT = Path(__file__).parents[2] / "test-results"


def chromium() -> str:
    """Debian's Chromium. Fails the run when it is missing."""
    program = os.environ.get("VITRINE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium")
    return program


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the whole run."""
    async with async_playwright() as playwright:
        # bfcache is part of what we promise, and Playwright switches it off.
        running = await playwright.chromium.launch(
            executable_path=chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield running
        await running.close()


Visit = Callable[..., Awaitable[Shopper]]


@pytest.fixture
async def visit(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """Opens a new shopper's browser: `await visit(url, script=True, size="desktop")`. Keeps a picture when the test fails."""
    opened: list[tuple[BrowserContext, Shopper]] = []

    async def open_one(origin: str, *, script: bool = True, size: str = "desktop", **more: object) -> Shopper:
        context = await browser.new_context(
            base_url=origin, java_script_enabled=script, viewport=SIZES[size], has_touch=size == "phone", **more
        )
        context.set_default_timeout(15_000)
        shopper = Shopper(await context.new_page(), script=script)
        opened.append((context, shopper))
        return shopper

    yield open_one
    failed = getattr(request.node, "failed", False)
    for number, (context, shopper) in enumerate(opened):
        if failed:
            KEPT.mkdir(exist_ok=True)
            await shopper.page.screenshot(path=KEPT / f"{request.node.name}-{number}.png", full_page=True)
        await context.close()
        if not failed:
            assert not shopper.complaints, f"the browser complained: {shopper.complaints}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report

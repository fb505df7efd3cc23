from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from app.ops.proof import BROWSERS
from tests.journeys import evidence
from tests.journeys.shopper import Shopper
from tests.journeys.site import Site

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
WAYS = [(script, size) for script in (True, False) for size in SIZES]
SLOWER = 250.0  # ms between steps that somebody watches

Visit = Callable[..., Awaitable[Shopper]]


def pytest_addoption(parser: pytest.Parser) -> None:
    ours = parser.getgroup("journeys")
    ours.addoption("--base-url", help="walk through the shop that runs there, instead of one of the run's own")
    ours.addoption("--headed", action="store_true", help="show the browser")
    ours.addoption("--trace-journeys", action="store_true", help="keep a trace of each failed journey")
    ours.addoption("--keep-in", help="the folder for what failed journeys leave (test-results)")
    ours.addoption("--update-snapshots", action="store_true", help="take the pictures anew instead of comparing")


def chromium() -> str:
    """Debian's Chromium. Fails the run when it is missing."""
    program = os.environ.get("VITRINE_TEST_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium")
    return program


@pytest.fixture(scope="session")
async def browser(pytestconfig: pytest.Config) -> AsyncIterator[Browser]:
    """One Chromium for the whole run."""
    headed = pytestconfig.getoption("--headed", default=False)
    async with async_playwright() as playwright:
        # bfcache is part of what we promise, and Playwright switches it off.
        running = await playwright.chromium.launch(
            executable_path=chromium(),
            args=FLAGS if headed else ["--headless", *FLAGS],
            headless=not headed,
            slow_mo=SLOWER if headed else None,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield running
        await running.close()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    """The shop at `--base-url`, else the run's own."""
    return Site(request.config.getoption("--base-url", default=None) or request.getfixturevalue("stack").url)


@pytest.fixture
async def visit(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """Opens a new shopper's browser: `await visit(url, script=True, size="desktop")`. Keeps evidence when the test fails."""
    opened: list[tuple[BrowserContext, Shopper]] = []
    traced = request.config.getoption("--trace-journeys", default=False)

    async def open_one(origin: str, *, script: bool = True, size: str = "desktop", **more: object) -> Shopper:
        context = await browser.new_context(
            base_url=origin, java_script_enabled=script, viewport=SIZES[size], has_touch=size == "phone", **more
        )
        context.set_default_timeout(15_000)
        if traced:
            await context.tracing.start(screenshots=True, snapshots=True)
        shopper = Shopper(await context.new_page(), script=script)
        opened.append((context, shopper))
        return shopper

    yield open_one
    complaints = [said for _, shopper in opened for said in shopper.complaints]
    for number, (context, shopper) in enumerate(opened):
        if complaints or getattr(request.node, "failed", False):
            await evidence.keep(evidence.folder_of(request), shopper, number, traced=traced)
        await context.close()
    if not getattr(request.node, "failed", False):
        assert not complaints, f"the browser complained: {complaints}"


@pytest.fixture(params=WAYS, ids=lambda way: f"{'script' if way[0] else 'plain'}-{way[1]}")
async def shopper(request: pytest.FixtureRequest, site: Site, visit: Visit) -> Shopper:
    """A shopper at the shop's door, once for each way to shop: with and without JavaScript, on a phone and at a desk."""
    script, size = request.param
    return await visit(site.url, script=script, size=size)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report

"""No page looks different from its kept picture unless somebody meant it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser

from tests.journeys import evidence, looks
from tests.journeys.stills import CLOCK, stills
from tests.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.snapshot]

UPDATE = "./vitrine qa --update-snapshots"
MADE_BY = looks.FOLDER / "chromium.txt"


@pytest.fixture(scope="module")
def still_shop() -> Iterator[Stack]:
    """A shop whose displayed clock stands still and which nobody else touches."""
    running = Stack(edge=False, clock=CLOCK, web_instances="1")
    yield running
    running.stop()


@pytest.mark.timeout(600)  # four visits through every page, on a machine that may be busy
async def test_every_page_looks_as_it_did(browser: Browser, request: pytest.FixtureRequest) -> None:
    update = request.config.getoption("--update-snapshots", default=False)
    if not update:
        _must_be_made_by(browser.version)
    folder, wrong = evidence.folder_of(request), []

    async for name, png in stills(browser, request.getfixturevalue("still_shop")):
        if update:
            looks.keep(name, png)
        elif not looks.kept(name).exists():
            warnings.warn(f"{name} has no kept picture: {UPDATE}", stacklevel=1)
        elif (squares := looks.changed(name, png)) > looks.ALLOWED:
            wrong.append(f"{name}: {squares} squares, see {looks.side_by_side(name, png, folder)}")

    if update:
        MADE_BY.write_text(browser.version + "\n")
    assert not wrong, f"If that is meant: {UPDATE}\n" + "\n".join(wrong)


def _must_be_made_by(version: str) -> None:
    """Skips with another Chromium: it draws letters and edges in its own way."""
    made_by = MADE_BY.read_text().strip() if MADE_BY.exists() else "none yet"
    if made_by != version:
        pytest.skip(f"the kept pictures are by Chromium {made_by}, this is {version}; to take them anew: {UPDATE}")

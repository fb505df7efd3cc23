"""What a failed journey leaves behind: pictures, the page as it was, what the browser said, a trace if one was asked for."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from re import sub

import pytest
from playwright.async_api import Error

from tests.journeys.shopper import Shopper

DEFAULT = Path(__file__).parents[2] / "test-results"


def folder_of(request: pytest.FixtureRequest) -> Path:
    """Where this test keeps what it leaves: its own folder, named like it."""
    kept = Path(request.config.getoption("--keep-in", default=None) or DEFAULT)
    return kept / sub(r"[^\w.-]+", "-", request.node.name).strip("-")


async def keep(folder: Path, shopper: Shopper, number: int, *, traced: bool) -> None:
    """Writes it all, as far as the page still answers."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number}.console.txt").write_text("\n".join([shopper.page.url, *shopper.console]) + "\n")
    with suppress(Error):
        (folder / f"{number}.html").write_text(await shopper.page.content())
        await shopper.page.screenshot(path=folder / f"{number}.png", full_page=True)
    if traced:
        await shopper.page.context.tracing.stop(path=folder / f"{number}.trace.zip")

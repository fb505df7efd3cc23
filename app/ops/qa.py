"""`vitrine qa`: the journeys of tests/journeys in a browser, against a shop that runs somewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree  # reads what our own pytest wrote

import httpx
import msgspec

from app.ops import state
from app.ops.home import CLONE
from app.ops.output import show
from app.ops.proof import BROWSERS, environment
from app.ops.surroundings import this_home
from app.values import Refusal

JOURNEYS = CLONE / "tests" / "journeys"
RESULTS = CLONE / "test-results"
OURS = "x-vitrine-version"
PATIENCE = 20.0  # seconds for the first answer; a cold shop far away needs some
NOTHING_CHOSEN = 5  # pytest's exit status when no test is left


class CantWalk(Refusal):
    """There is no shop, no browser or no journey; `say` tells which."""

    status = 2


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants walked; the command's options."""

    base_url: str | None = None
    word: str = ""
    headed: bool = False
    trace: bool = False
    snapshots: bool = False
    update_snapshots: bool = False


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """`outcome` is passed, failed or skipped; `reason` is the first line of why."""

    name: str
    outcome: str
    seconds: float
    reason: str = ""


def walk(asked: Asked, *, as_json: bool) -> int:
    """0 when every journey that was chosen passed, 1 when not. Raises CantWalk before anything starts."""
    _need_a_browser(headed=asked.headed)
    url = _shop(asked)
    kept = RESULTS / f"qa-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    kept.mkdir(parents=True)
    report = kept / "report.xml"
    status = subprocess.run(
        [sys.executable, "-m", "pytest", *words(asked, url, kept), f"--junitxml={report}"],
        cwd=CLONE, env=environment() | {"PYTEST_ADDOPTS": ""}, stdout=sys.stderr if as_json else None, check=False,
    ).returncode  # fmt: skip
    if status == NOTHING_CHOSEN:
        shutil.rmtree(kept)
        raise CantWalk(say=f"No journey's name holds '{asked.word}'.")
    if as_json:
        show({"url": url, "passed": status == 0, "kept": str(kept), "journeys": journeys(report)})
    elif status:
        print(f"What the failed journeys left is in {kept}")
    else:
        shutil.rmtree(kept)
    return min(status, 1)


def words(asked: Asked, url: str | None, kept: Path) -> list[str]:
    """pytest's arguments."""
    only_snapshots = asked.snapshots or asked.update_snapshots
    given = {"--base-url": None if only_snapshots else url, "--keep-in": str(kept)}
    flags = {
        "--headed": asked.headed,
        "--trace-journeys": asked.trace,
        "--update-snapshots": asked.update_snapshots,
    }
    return [
        "-q", str(JOURNEYS), "-m", "snapshot" if only_snapshots else "qa", "-k", asked.word,
        *(f"{name}={value}" for name, value in given.items() if value),
        *(name for name, wanted in flags.items() if wanted),
    ]  # fmt: skip


def journeys(report: Path) -> list[Journey]:
    """What pytest wrote about each test."""
    return [_journey(case) for case in ElementTree.parse(report).iter("testcase")]  # noqa: S314


def _journey(case: ElementTree.Element) -> Journey:
    name, seconds = case.get("name", ""), float(case.get("time", 0))
    for tag, outcome in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        if (found := case.find(tag)) is not None:
            reason = found.get("message", "").partition("\n")[0]
            return Journey(name=name, outcome=outcome, seconds=seconds, reason=reason)
    return Journey(name=name, outcome="passed", seconds=seconds)


def _need_a_browser(*, headed: bool) -> None:
    if not os.environ.get("VITRINE_TEST_CHROMIUM") and not any(map(shutil.which, BROWSERS)):
        raise CantWalk(say="Chromium is missing; on Debian or Ubuntu: apt-get install chromium")
    if headed and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise CantWalk(say="--headed needs a screen (DISPLAY is not set): leave it out, or use xvfb-run.")


def _shop(asked: Asked) -> str | None:
    """The address to walk through, which answers; None when the journeys start a shop of their own."""
    if asked.snapshots or asked.update_snapshots:
        return None
    running = state.running(this_home())
    url = asked.base_url or (running.url if running else None)
    return _answering(url) if url else None


def _answering(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise CantWalk(say=f"'{url}' is not an address: say http://localhost:8080 or https://shop.example.")
    try:
        answer = httpx.get(url, timeout=PATIENCE, follow_redirects=True)
    except (httpx.HTTPError, httpx.InvalidURL) as wrong:
        raise CantWalk(say=f"{url} does not answer ({wrong or type(wrong).__name__}).") from None
    if answer.is_error or OURS not in answer.headers:
        raise CantWalk(say=f"{url} answers {answer.status_code}, but no shop of ours is there (no X-Vitrine-Version).")
    return url.rstrip("/")

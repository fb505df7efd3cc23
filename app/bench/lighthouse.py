"""`vitrine bench lighthouse`: what Google's Lighthouse says of the running shop, on its default phone.

Its best run counts: noise of the machine only ever takes points away. Needs Node 18 or newer with npm, and Chromium;
the package is installed once into the user's cache folder. The shop needs none of it.
"""

from __future__ import annotations

import json as jsons
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec
import rich_click as click

from app.bench.pages import PRODUCT, cookies_of
from app.ops.output import show, table
from app.ops.surroundings import running_shop
from app.values import Refusal

VERSION = "12.8.2"  # the last one for Node 20
PAGES = {"home": "/", "list": "/c/table", "product": PRODUCT, "cart": "/cart"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
LONGEST = 180  # seconds for one run


class NoLighthouse(Refusal):
    status = 2


class Run(msgspec.Struct, kw_only=True):
    """One run. Times in ms; `lost`: what cost points, as Lighthouse words it; `index`: how quick it found the machine."""

    page: str
    scores: dict[str, int]
    fcp: float
    lcp: float
    tbt: float
    cls: float
    index: float
    lost: list[str]

    @property
    def reached(self) -> bool:
        """99 and three times 100. A cart is nothing to find, and each way to say so (tag, header, robots.txt) costs SEO: it does not count."""
        rest = [
            score
            for name, score in self.scores.items()
            if name != "performance" and (name, self.page) != ("seo", "cart")
        ]
        return self.scores["performance"] >= 99 and min(rest) == 100


@click.command()
@click.option("--runs", type=click.IntRange(1, 20), default=5)
@click.option("--page", "pages", type=click.Choice(list(PAGES)), multiple=True)
@click.option("--json", is_flag=True)
def _command(runs: int, pages: tuple[str, ...], json: bool) -> None:
    now = running_shop()
    shop = f"http://localhost:{now.port}"
    program = _installed()
    with httpx.Client(base_url=shop, headers={"Sec-Fetch-Site": "same-origin"}, timeout=20) as client:
        cookies = cookies_of(client, client.get(PRODUCT).text)
    best = [_best(program, shop, page, cookies if page == "cart" else {}, runs) for page in pages or PAGES]
    show(best) if json else _print(best)
    if not all(run.reached for run in best):
        raise SystemExit(1)


def run(args: Sequence[str]) -> None:
    """`--runs N` at most for each page (5), `--page NAME` (all), `--json`. Exit status 1 below 99/100/100/100, 2 without Node."""
    try:
        _command.main(list(args), prog_name="vitrine bench lighthouse", standalone_mode=False)
    except click.ClickException as wrong:
        raise NoLighthouse(wrong.format_message()) from None


def _best(program: list[str], shop: str, page: str, cookies: Mapping[str, str], runs: int) -> Run:
    """The first run that reaches the aim, or the best of all. A busy machine loses a run now and then; all of them is an error."""
    found: list[Run] = []
    for number in range(runs):
        try:
            found.append(_run(program, page, shop + PAGES[page], cookies))
        except NoLighthouse:
            if number == runs - 1 and not found:
                raise
        if found and found[-1].reached:
            break
    return max(found, key=lambda each: sum(each.scores.values()))


def _run(program: list[str], page: str, url: str, cookies: Mapping[str, str]) -> Run:
    """One run of Lighthouse. Raises NoLighthouse with its last words when it fails."""
    header = jsons.dumps({"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())})
    extra = [f"--extra-headers={header}"] if cookies else []
    wanted = f"--only-categories={','.join(CATEGORIES)}"
    command = [*program, url, "--quiet", "--output=json", wanted, f"--chrome-flags={FLAGS}", *extra]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST, env=_environment(), check=False)
    except subprocess.TimeoutExpired:
        raise NoLighthouse(f"Lighthouse did not end within {LONGEST} s on {url}.") from None
    if done.returncode or not done.stdout:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["without a word"]
        raise NoLighthouse(f"Lighthouse failed on {url}: {last[0]}")
    return read(page, jsons.loads(done.stdout))


def read(page: str, report: Mapping[str, Any]) -> Run:
    """What a report of Lighthouse says."""
    audits = report["audits"]
    values = {name: audits[audit]["numericValue"] for name, audit in _METRICS.items()}
    scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
    return Run(page=page, scores=scores, index=report["environment"]["benchmarkIndex"], lost=_lost(report), **values)


_METRICS = {
    "fcp": "first-contentful-paint",
    "lcp": "largest-contentful-paint",
    "tbt": "total-blocking-time",
    "cls": "cumulative-layout-shift",
}


def _lost(report: Mapping[str, Any]) -> list[str]:
    """Titles of the audits that have weight and no full score."""
    weighed = [ref["id"] for name in CATEGORIES for ref in report["categories"][name]["auditRefs"] if ref["weight"]]
    scores = {name: report["audits"][name]["score"] for name in weighed}
    return [report["audits"][name]["title"] for name, score in scores.items() if score is not None and score < 1]


def _print(best: Sequence[Run]) -> None:
    rows = [
        {"page": run.page, **run.scores, "fcp": f"{run.fcp:.0f} ms", "lcp": f"{run.lcp:.0f} ms", "tbt": f"{run.tbt:.0f} ms",
         "cls": f"{run.cls:.3f}", "machine": f"{run.index:.0f}"} for run in best
    ]  # fmt: skip
    table(rows, "")
    for run in best:
        for title in run.lost:
            click.echo(f"{run.page}: {title}")


def _installed() -> list[str]:
    """The command that starts Lighthouse, installed when it is not. Raises NoLighthouse, saying what is missing."""
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    if missing:
        raise NoLighthouse(
            f"Lighthouse needs Node 18 or newer with npm, and {' and '.join(missing)} is not on the PATH."
        )
    if not _chromium():
        raise NoLighthouse("Lighthouse needs Chromium: apt-get install chromium")
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vitrine" / f"lighthouse-{VERSION}"
    script = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not script.exists():
        _install(folder)
    return ["node", str(script)]


def _install(folder: Path) -> None:
    click.echo(f"Installing Lighthouse {VERSION} into {folder} (about 200 MB).", err=True)
    folder.mkdir(parents=True, exist_ok=True)
    asked = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", ".", f"lighthouse@{VERSION}"]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["npm said nothing"]
        raise NoLighthouse(f"npm could not install Lighthouse: {last[0]}")


def _chromium() -> str | None:
    return os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("chromium-browser")


def _environment() -> dict[str, str]:
    return os.environ | {"CHROME_PATH": _chromium() or ""}

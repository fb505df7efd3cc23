"""What each form of a page costs the edge, beside a static object of its weight on the same Varnish.

Each second of a page is followed by one of its static object, so that a machine's moods meet both. Beside the rate
stands what varnishd itself used: the rate also depends on who else wants the processors, wrk among them.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping
from pathlib import Path

import httpx
import msgspec

from app.bench._load import Result, Target, in_turn, ratio
from app.bench.pages import GZIP, PRODUCT, cookies_of
from app.ops import state
from app.ops.surroundings import this_home
from app.settings import Settings
from app.values import Refusal

ROUNDS, SECONDS = 4, 1  # five pages and their static objects, so about 50 s
TICKS = os.sysconf("SC_CLK_TCK")


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """Requests a second, and how many that is of the static object's: median, lowest and highest round.

    `cpu`: varnishd's CPU time per request, as a multiple of the static object's; the median.
    """

    name: str
    rate: float
    ratio: float
    lowest: float
    highest: float
    cpu: float


def measure(now: Settings) -> list[Ratio]:
    """One row for each form. Raises Refusal when the edge is not one that was started here."""
    running = state.running(this_home())
    if running is None or "edge" not in running.children:
        raise Refusal("The edge of this shop was not started here, so its work can't be measured.")
    edge = running.children["edge"].pid
    pairs = _pairs(now)
    results = in_turn(
        [each for pair in pairs for each in pair], rounds=ROUNDS, seconds=SECONDS, spent=lambda: spent(edge)
    )
    return [_ratio(page, static) for page, static in zip(results[::2], results[1::2], strict=True)]


def _pairs(now: Settings) -> list[tuple[Target, Target]]:
    shop = f"http://localhost:{now.port}"
    with httpx.Client(base_url=shop, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        page = client.get(PRODUCT, headers=GZIP)
        cookies = cookies_of(client, page.text)
        weights = [page.num_bytes_downloaded, client.get("/holes/badge", headers=GZIP).num_bytes_downloaded]
    plain, holes = (_target(f"static, {weight} bytes", f"{shop}/static/bytes/{weight}") for weight in weights)
    many = cookies | {now.cookie("cc"): "12"}  # ten and more are filled in by the edge
    return [
        (_target("anonymous page", shop + PRODUCT), plain),
        (_target("personal page, value in its form", shop + PRODUCT, cookies), plain),
        (_target("personal page, one tier-0 hole", f"{shop}/holes/badge", many), holes),
        (_target("personal page, one tier-1 hole", f"{shop}/holes/orders", cookies), holes),
        (_target("personal page, tier-0 and tier-1 holes", f"{shop}/holes/badge,orders", many), holes),
    ]


def _target(name: str, url: str, cookies: Mapping[str, str] | None = None) -> Target:
    line = "; ".join(f"{key}={value}" for key, value in (cookies or {}).items())
    return Target(name=name, url=url, headers=GZIP | ({"Cookie": line} if line else {}))


def _ratio(page: Result, static: Result) -> Ratio:
    lowest, middle, highest = (round(each, 3) for each in ratio(page, static))
    cpu = statistics.median(a / b for a, b in zip(page.costs, static.costs, strict=True))
    return Ratio(
        name=page.target.name, rate=round(page.median), ratio=middle, lowest=lowest, highest=highest, cpu=round(cpu, 2)
    )


def spent(pid: int) -> float:
    """CPU seconds of a process and its children: varnishd is a manager and the child that does the work."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_ticks(Path(f"/proc/{each}/stat").read_text()) for each in (str(pid), *children)) / TICKS


def _ticks(stat: str) -> int:
    user, system = stat.rpartition(")")[2].split()[11:13]  # proc(5): fields 14 and 15
    return int(user) + int(system)

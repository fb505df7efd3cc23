"""What `edge warm` asks for, and where: addresses from the access log or the sitemap, nodes by their listeners."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from app.ops import visits
from app.ops.explaining import cookies, place_of
from app.ops.home import Home
from app.ops.node import local_node
from app.ops.warming import NothingToWarm, Target, Warmed, Warming, sitemap
from app.settings import Settings
from app.values import MINUTE
from app.web.answers import EdgeRoute

WORTH_KEEPING = 10 * MINUTE  # what is kept for less is gone before somebody asks

Source = Literal["log", "sitemap"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask for, of whom, and how fast: `rate` pages a second, at most `concurrency` at a time."""

    targets: list[Target]
    urls: list[str]
    host: str
    forms: list[str]
    rate: float
    concurrency: int
    source: Source

    @property
    def asks(self) -> int:
        return len(self.targets) * len(self.urls) * len(self.forms)


def plan(
    shop: Settings,
    home: Home,
    *,
    nodes: Sequence[str],
    source: Source | None,
    top: int,
    visitor: bool,
    rate: float,
    concurrency: int,
) -> Plan:
    """Without a `source` the log, if anybody visited, else the sitemap. Raises NothingToWarm."""
    from app.main import edge_routes

    host, targets = urlsplit(shop.public_origin).netloc, [_target(shop, home, node) for node in nodes]
    found = [] if source == "sitemap" else _logged(home, edge_routes(), top)
    if source == "log" and not found:
        raise NothingToWarm("Nobody's visit is in the access log of this machine: --from sitemap.")
    used: Source = "log" if found else "sitemap"
    urls = found or asyncio.run(sitemap(targets[0].listener, host, top))
    if not urls:
        raise NothingToWarm("The sitemap names no page.")
    forms = ["", cookies(shop, 0)] if visitor else [""]
    return Plan(targets=targets, urls=urls, host=host, forms=forms, rate=rate, concurrency=concurrency, source=used)


def run(plan: Plan, step: Callable[[], None]) -> list[Warmed]:
    """Carried out, with `step` called for each address of each node."""
    warming = Warming(plan.host, plan.urls, plan.forms, plan.rate, plan.concurrency)
    return asyncio.run(warming.run(plan.targets, step))


def _logged(home: Home, routes: Sequence[EdgeRoute], top: int) -> list[str]:
    ranked = visits.most_visited(visits.tail(home.access_log), None)
    return list(islice((url for url in ranked if (place_of(url, url, routes).keep or 0) >= WORTH_KEEPING), top))


def _target(shop: Settings, home: Home, node: str) -> Target:
    """Elsewhere the shop's port is the same as here, on the host of the purge listener."""
    local = local_node(shop, home)
    if local and local.node == node:
        return Target(node, local.shop)
    return Target(node, f"http://{urlsplit(node).hostname}:{shop.port}")

"""What a page may cost a first visit, and how a browser is asked what it did cost."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import Browser

PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True, "has_touch": True}
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "font", "Image": "images"}
WATCH = """
window.shift = 0; window.largest = null;
new PerformanceObserver(list => { for (const e of list.getEntries()) window.shift += e.value })
    .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) window.largest = e.element })
    .observe({type: 'largest-contentful-paint', buffered: true});
"""
SEEN = """() => ({
    nodes: document.querySelectorAll('*').length, shift: window.shift, tag: window.largest?.localName ?? '',
    priority: window.largest?.getAttribute('fetchpriority') ?? '', lazy: window.largest?.loading === 'lazy',
})"""


class Budget(NamedTuple):
    """Bytes over the wire before anything is scrolled, requests, and elements (HTML and pictures gzip, the rest brotli).

    All that Chromium asked for counts: pictures it fetches ahead of scrolling, icon, manifest and the rules for prefetching, too.
    """

    html: int
    images: int
    total: int
    requests: int
    nodes: int
    css: int = 10_700  # 10 kB of brotli, and the headers of its answer
    js: int = 17_000
    font: int = 17_000


BUDGETS = {
    "/": Budget(html=12_000, images=90_000, total=150_000, requests=12, nodes=900),
    "/c/table": Budget(html=14_000, images=80_000, total=140_000, requests=14, nodes=1_200),
    "/p/pell-mug": Budget(html=12_000, images=60_000, total=120_000, requests=10, nodes=900),
    "/cart": Budget(html=10_000, images=15_000, total=65_000, requests=7, nodes=600),
    "/checkout": Budget(html=10_000, images=15_000, total=65_000, requests=7, nodes=600),
}
ADMIN = Budget(html=30_000, images=20_000, total=110_000, requests=10, nodes=3_000, css=12_000, js=28_000)


class Cost(NamedTuple):
    """What one first visit cost. `largest`: tag, fetchpriority and laziness of the largest element painted."""

    bytes: dict[str, int]
    requests: int
    strangers: set[str]
    nodes: int
    shift: float
    largest: tuple[str, str, bool]


async def first_visit(browser: Browser, url: str, cookies: Any = ()) -> Cost:
    """Opens a page on a phone with an empty cache, and waits until nothing is on its way."""
    context = await browser.new_context(**PHONE)
    try:
        await context.add_cookies(list(cookies))
        await context.add_init_script(WATCH)
        page = await context.new_page()
        wire = Wire()
        tools = await context.new_cdp_session(page)
        tools.on("Network.requestWillBeSent", wire.sent)
        tools.on("Network.responseReceived", wire.received)
        tools.on("Network.loadingFinished", wire.finished)
        await tools.send("Network.enable")
        await page.goto(url)
        await page.wait_for_load_state("networkidle")
        return _cost(wire, await page.evaluate(SEEN), urlsplit(url).netloc)
    finally:
        await context.close()


class Wire:
    """What went over it, by Chromium's own count."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self.kinds: dict[str, tuple[str, str]] = {}
        self.sizes: dict[str, int] = {}

    def sent(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.asked.add(event["requestId"])

    def received(self, event: dict[str, Any]) -> None:
        if not event["response"]["url"].startswith("data:"):
            self.kinds[event["requestId"]] = (event["type"], urlsplit(event["response"]["url"]).netloc)

    def finished(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])


def _cost(wire: Wire, seen: dict[str, Any], home: str) -> Cost:
    sums = dict.fromkeys([*KINDS.values(), "other"], 0)
    for request, (kind, _) in wire.kinds.items():
        sums[KINDS.get(kind, "other")] += wire.sizes.get(request, 0)
    strangers = {host for _, host in wire.kinds.values()} - {home}
    largest = (seen["tag"], seen["priority"], seen["lazy"])
    return Cost(sums, len(wire.asked), strangers, seen["nodes"], seen["shift"], largest)


def overspent(cost: Cost, budget: Budget) -> list[str]:
    """Each line of the budget that is exceeded, in words."""
    spent = cost.bytes | {"total": sum(cost.bytes.values()), "requests": cost.requests, "nodes": cost.nodes}
    return [f"{name}: {spent[name]} > {most}" for name, most in budget._asdict().items() if spent[name] > most]

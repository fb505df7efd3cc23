"""Fills a node before visitors do: asks for what it has not kept, never faster than told."""

from __future__ import annotations

import asyncio
import html
import re
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import msgspec

from app.edge import purge
from app.edge.explain import escaped, explain
from app.values import Refusal

SLOWEST = 15.0  # seconds for one page; a fetch may take 12


class NothingToWarm(Refusal):
    """No address is known to ask for."""

    status = 1


class Target(msgspec.Struct, frozen=True):
    """One node: its purge listener, and where visitors reach it."""

    node: str
    listener: str


class Warmed(msgspec.Struct, kw_only=True):
    """What became of one node: `kept` was a hit before, `fetched` is one now, `unkept` was answered and not stored."""

    node: str
    kept: int = 0
    fetched: int = 0
    unkept: int = 0
    failed: int = 0
    seconds: float = 0
    stopped: bool = False
    why: str = ""


class Pace:
    """Hands out moments, at most `rate` of them a second, to whoever asks."""

    def __init__(self, rate: float) -> None:
        self.pause, self.next = 1 / rate, time.monotonic()

    def turn(self) -> float:
        """Seconds until it is the caller's turn."""
        now = time.monotonic()
        mine = max(self.next, now)
        self.next = mine + self.pause
        return mine - now


class Warming:
    """One run over some nodes. `forms` are the cookies of each kind of visitor, empty for a first-time one."""

    def __init__(self, host: str, urls: Sequence[str], forms: Sequence[str], rate: float, concurrency: int) -> None:
        self.host, self.concurrency = host, concurrency
        self.asks = [(url, cookie) for cookie in forms for url in urls]
        self.pace = Pace(rate)
        self.stop = asyncio.Event()

    async def run(self, targets: Sequence[Target], step: Callable[[], None]) -> list[Warmed]:
        """Each node is filled, one after the other; `step` is called for each address. Ctrl-C ends it between two."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self.stop.set)
        try:
            return [await self._fill(target, step) for target in targets]
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            await purge.close()

    async def _fill(self, target: Target, step: Callable[[], None]) -> Warmed:
        found, began, left = Warmed(node=target.node), time.monotonic(), deque(self.asks)
        headers = {"Host": self.host, "Accept-Encoding": "gzip", "User-Agent": "vitrine-warm"}
        async with httpx.AsyncClient(
            base_url=target.listener, headers=headers, timeout=SLOWEST, trust_env=False
        ) as visitor:

            async def work() -> None:
                while left and not self.stop.is_set():
                    url, cookie = left.popleft()
                    await self._ask(target.node, visitor, url, cookie, found)
                    step()

            await asyncio.gather(*(work() for _ in range(self.concurrency)))
        found.seconds = round(time.monotonic() - began, 1)
        found.stopped = bool(left)
        return found

    async def _ask(self, node: str, visitor: httpx.AsyncClient, url: str, cookie: str, found: Warmed) -> None:
        said = await explain(node, url, cookie)
        if said.state == "hit":
            found.kept += 1
            return
        if said.state in ("unknown", "refused"):
            _failed(found, f"{url}: {said.error or said.rule}")
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), self.pace.turn())
            return
        try:
            # The target as it is in the key: httpx would write some characters in another way.
            asked = visitor.build_request("GET", "/", headers={"Cookie": cookie} if cookie else {})
            asked.extensions["target"] = url.encode("ascii")
            answer = await visitor.send(asked)
        except httpx.HTTPError as wrong:
            _failed(found, f"{url}: {type(wrong).__name__}")
            return
        if answer.status_code >= 400:
            _failed(found, f"{url}: {answer.status_code}")
        elif "stored" in answer.headers.get("Cache-Status", ""):
            found.fetched += 1
        else:
            found.unkept += 1


def _failed(found: Warmed, why: str) -> None:
    found.failed += 1
    found.why = why


async def sitemap(listener: str, host: str, most: int) -> list[str]:
    """Paths of the first `most` addresses of the shop's sitemap, part by part, through a node. Raises NothingToWarm."""
    found: list[str] = []
    async with httpx.AsyncClient(
        base_url=listener, headers={"Host": host}, timeout=SLOWEST, trust_env=False
    ) as visitor:
        waiting = deque(["/sitemap.xml"])
        while waiting and len(found) < most:
            answer = await visitor.get(waiting.popleft())
            if answer.status_code != 200:
                raise NothingToWarm(f"The shop's sitemap was answered with {answer.status_code}.")
            (waiting if "<sitemapindex" in answer.text else found).extend(_named(answer.text))
    return found[:most]


def _named(text: str) -> list[str]:
    """The addresses of a sitemap, or of an index of them, as paths."""
    parts = [urlsplit(html.unescape(url)) for url in re.findall(r"<loc>\s*([^<]+?)\s*</loc>", text)]
    return [escaped(part.path + (f"?{part.query}" if part.query else "")) for part in parts]

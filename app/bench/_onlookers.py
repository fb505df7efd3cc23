"""Visitors who read through the edge while things break: what it keeps is nobody's, whatever else goes wrong."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Mapping, Set
from contextlib import suppress
from uuid import UUID

import httpx
import msgspec

from app.bench._buyers import ADDRESS
from app.settings import Settings

PUBLIC = ("/", "/p/pell-mug", "/p/noon-clock", "/search?q=mug")
PRIVATE = ("/cart", "/checkout", "/account")
PAUSE = 0.3  # seconds between two reads of one of them


class Watch(msgspec.Struct, kw_only=True):
    """What they read. `own`: reads that showed a reader's own name, `hits`: answers from the cache; `leaks`: what must never be."""

    reads: int = 0
    hits: int = 0
    own: int = 0
    leaks: list[str] = []


class Onlookers:
    """Two visitors with a cart and a name that nobody else has, and one without a session. Without an edge nobody comes."""

    def __init__(self, now: Settings, dice: random.Random) -> None:
        self.now, self.dice, self.watch = now, dice, Watch()
        self.names = [f"onlooker{secrets.token_hex(6)}" for _ in range(2)] if now.edge else []
        self.browsers = {name: self._browser() for name in ["", *self.names]} if now.edge else {}

    def _browser(self) -> httpx.AsyncClient:
        shop = f"http://localhost:{self.now.port}"
        return httpx.AsyncClient(base_url=shop, headers={"Sec-Fetch-Site": "same-origin"}, timeout=8)

    async def arrive(self, variant_id: UUID) -> None:
        """They put something in the cart and type who they are."""
        for name in self.names:
            await self._send(name, "/cart/lines", {"variant_id": str(variant_id), "quantity": "1"})
            about = ADDRESS | {"email": f"{name}@shopper.example", "name": name}
            await self._send(name, "/checkout/details", about)

    async def _send(self, name: str, path: str, typed: dict[str, str]) -> None:
        answer = await self.browsers[name].post(path, data=typed)
        assert answer.status_code == 303, (path, answer.status_code)

    async def look_on(self, until: float) -> None:
        """They read in turn what is everybody's and what is their own, and leave then."""
        await asyncio.gather(*(self._read(name, until) for name in self.browsers))
        for browser in self.browsers.values():
            await browser.aclose()

    async def _read(self, name: str, until: float) -> None:
        while time.monotonic() < until:
            path = self.dice.choice(PUBLIC + PRIVATE if name else PUBLIC)
            with suppress(httpx.HTTPError):  # what is down is no leak
                answer = await self.browsers[name].get(path)
                note(self.watch, path, answer.headers, {each for each in self.names if each in answer.text}, name)
            await asyncio.sleep(PAUSE)


def note(watch: Watch, path: str, headers: Mapping[str, str], found: Set[str], own: str) -> None:
    """Counts an answer to `own` in which these names stood. A hit holds no name and sets no cookie; nobody is shown another's."""
    hit = "; hit" in headers.get("Cache-Status", "")
    watch.reads += 1
    watch.hits += hit
    watch.own += own in found
    if hit and found:
        watch.leaks.append(f"{path}: somebody's name was kept")
    if hit and "Set-Cookie" in headers:
        watch.leaks.append(f"{path}: a cookie was kept")
    if found - {own}:
        watch.leaks.append(f"{path}: somebody else's name was shown")

"""A tab of a Chromium that prerenders as it does for anybody.

Playwright attaches to pages in a way that switches prerendering off. This attaches to the tab around them, as DevTools' own
window does, so that a page drawn in advance is a target of its own that can be asked what it did.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

PATIENCE = 30.0  # seconds until something that must happen has happened
FLAGS = ("--headless=new", "--remote-debugging-pipe", "--window-size=1280,1600")
MIDDLE = "(box => [box.x + box.width / 2, box.y + box.height / 2])(document.querySelector({}).getBoundingClientRect())"


class Tab:
    """`said` is all that Chromium told of it. `session` is the page that is shown."""

    def __init__(self, reader: asyncio.StreamReader, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listening = asyncio.create_task(self._listen())
        self.said: list[dict[str, Any]] = []
        self.session = ""

    async def open(self) -> None:
        """The first tab of the browser, and with it all that it will show or draw in advance."""
        found = await self.send("Target.getTargets", filter=[{"type": "tab"}])
        target = found["targetInfos"][0]["targetId"]
        around = (await self.send("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        asked = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}
        await self.send("Target.setAutoAttach", around, **asked)
        self.session = await self.until(lambda: self._page(lambda target: target["type"] == "page"))
        for domain in ("Page", "Preload"):
            await self.send(f"{domain}.enable", self.session)

    async def go(self, url: str) -> None:
        loads = len(self.told("Page.loadEventFired"))
        await self.send("Page.navigate", self.session, url=url)
        await self.until(lambda: len(self.told("Page.loadEventFired")) > loads)

    async def drawn_in_advance(self) -> str:
        """The session of the page that waits, once it is complete."""
        await self.until(
            lambda: any(event["status"] == "Ready" for event in self.told("Preload.prerenderStatusUpdated"))
        )
        waiting = self._page(lambda target: target.get("subtype") == "prerender")
        await self.asked_until("document.readyState === 'complete'", waiting)
        return waiting

    async def hover(self, selector: str) -> None:
        x, y = await self.ask(MIDDLE.format(json.dumps(selector)))
        for at in (x - 2, x):
            await self._mouse("mouseMoved", at, y)

    async def click(self, selector: str) -> None:
        x, y = await self.ask(MIDDLE.format(json.dumps(selector)))
        for kind in ("mousePressed", "mouseReleased"):
            await self._mouse(kind, x, y, button="left", clickCount=1)

    async def ask(self, expression: str, session: str = "") -> Any:
        """What a page answers to an expression; a promise is waited for."""
        asked = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        return (await self.send("Runtime.evaluate", session or self.session, **asked))["result"].get("value")

    async def asked_until(self, expression: str, session: str = "") -> None:
        """Until a page answers with what is true."""
        async with asyncio.timeout(PATIENCE):
            while not await self.ask(expression, session):
                await asyncio.sleep(0.05)

    async def until(self, check: Callable[[], Any]) -> Any:
        async with asyncio.timeout(PATIENCE):
            while not (found := check()):
                await asyncio.sleep(0.02)
        return found

    def told(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.said if event["method"] == method]

    async def send(self, method: str, session: str = "", **values: Any) -> dict[str, Any]:
        number = len(self._asked)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": values} | ({"sessionId": session} if session else {})
        os.write(self._writer, json.dumps(message).encode() + b"\0")
        async with asyncio.timeout(PATIENCE):
            told = await answer
        assert "error" not in told, (method, told["error"])
        return told["result"]

    def _page(self, fits: Callable[[dict[str, Any]], bool]) -> str:
        found = [event for event in self.told("Target.attachedToTarget") if fits(event["targetInfo"])]
        return found[-1]["sessionId"] if found else ""

    async def _mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        await self.send("Input.dispatchMouseEvent", self.session, type=kind, x=x, y=y, **more)

    async def _listen(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                told = json.loads((await self._reader.readuntil(b"\0"))[:-1])
                self._asked[told["id"]].set_result(told) if "id" in told else self.said.append(told)

    def close(self) -> None:
        self._listening.cancel()


@contextlib.asynccontextmanager
async def unwatched(program: str, profile: Path, flags: list[str]) -> AsyncIterator[Tab]:
    """A tab of a browser of its own, which ends with it."""
    theirs, ours = os.pipe()
    answers, told = os.pipe()
    started = _start([program, *FLAGS, f"--user-data-dir={profile}", *flags, "about:blank"], theirs, told)
    reader = asyncio.StreamReader(limit=2**24)
    protocol = asyncio.StreamReaderProtocol(reader)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(answers, "rb", 0))
    tab = Tab(reader, ours)
    try:
        await tab.open()
        yield tab
    finally:
        tab.close()
        pipe.close()
        os.close(ours)
        os.kill(started, signal.SIGTERM)
        await asyncio.to_thread(os.waitpid, started, 0)


def _start(command: list[str], read: int, write: int) -> int:
    """The browser's process. It reads from 3 and writes to 4; what it says besides is for nobody."""
    quiet = [(os.POSIX_SPAWN_OPEN, each, os.devnull, os.O_WRONLY, 0) for each in (1, 2)]
    pipes = [(os.POSIX_SPAWN_DUP2, read, 3), (os.POSIX_SPAWN_DUP2, write, 4)]
    started = os.posix_spawn(command[0], command, os.environ, file_actions=[*quiet, *pipes])
    os.close(read)
    os.close(write)
    return started

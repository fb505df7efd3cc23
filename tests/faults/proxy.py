"""A TCP proxy that misbehaves on demand: it stands between the app and PostgreSQL, Redis, SMTP or the payment provider.

`faults` may be changed while connections are open; what is under way feels it with its next bytes.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

import msgspec

CHUNK = 16 * 1024

Mode = Literal["pass", "refuse", "blackhole", "reset"]


class Faults(msgspec.Struct, kw_only=True):
    """What goes wrong. Nothing, as it is made.

    `mode`: refuse closes new connections at once; blackhole takes everything and answers nothing; reset ends connections
    with an RST. `latency`, `jitter`: seconds each chunk waits. `bandwidth`: bytes a second. `piece`: at most so many bytes
    a write. `cut_after`: bytes from the server until the connection ends. `cut_at`: ends it around the `cut_nth` time the
    client sends these bytes: `before` they reach the server, or `after` its answer, which the client never hears.
    """

    mode: Mode = "pass"
    latency: float = 0
    jitter: float = 0
    bandwidth: float = 0
    piece: int = 0
    cut_after: int = 0
    cut_at: bytes = b""
    cut_nth: int = 1
    cut_side: Literal["before", "after"] = "before"


class Proxy:
    """One listener on a free port of loopback. `seen` counts how often `cut_at` passed; `cuts` how often it struck."""

    def __init__(self, upstream: str | tuple[str, int], seed: int = 0) -> None:
        self.upstream = upstream
        self.faults = Faults()
        self.random = random.Random(seed)
        self.seen = self.cuts = 0
        self.port = 0
        self.pairs: set[_Pair] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.faults.mode in ("refuse", "reset"):
            return writer.transport.abort()
        try:
            server = await self._connect()
        except OSError:
            return writer.transport.abort()
        pair = _Pair(self, (reader, writer), server)
        self.pairs.add(pair)
        try:
            await pair.run()
        finally:
            self.pairs.discard(pair)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.upstream, str):
            return await asyncio.open_unix_connection(self.upstream)
        return await asyncio.open_connection(*self.upstream)

    def set(self, **faults: object) -> None:
        """These faults and no others from now on. Refusing and resetting end what is open, too."""
        self.faults = Faults(**faults)  # type: ignore[arg-type]
        self.seen = self.cuts = 0
        if self.faults.mode in ("refuse", "reset"):
            for pair in set(self.pairs):
                pair.abort()


class _Pair:
    """One client's connection and ours to the server."""

    def __init__(self, proxy: Proxy, client: tuple, server: tuple) -> None:
        self.proxy = proxy
        self.from_client, self.to_client = client
        self.from_server, self.to_server = server
        self.passed = 0
        self.deaf = False  # the server's next answer ends the connection instead of arriving

    async def run(self) -> None:
        both = [asyncio.create_task(self._up()), asyncio.create_task(self._down())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            self.abort()

    def abort(self) -> None:
        for writer in (self.to_client, self.to_server):
            with suppress(Exception):
                writer.transport.abort()

    async def _up(self) -> None:
        """Client to server."""
        while data := await self.from_client.read(CHUNK):
            if self._strikes(data):
                self.proxy.cuts += 1
                if self.proxy.faults.cut_side == "before":
                    return
                self.deaf = True
            await self._pass_on(data, self.to_server)

    def _strikes(self, data: bytes) -> bool:
        faults = self.proxy.faults
        if not faults.cut_at or faults.cut_at not in data:
            return False
        self.proxy.seen += data.count(faults.cut_at)
        return self.proxy.seen == faults.cut_nth

    async def _down(self) -> None:
        """Server to client."""
        while data := await self.from_server.read(CHUNK):
            if self.deaf:
                return
            limit = self.proxy.faults.cut_after
            self.passed += len(data)
            if limit and self.passed > limit:
                await self._pass_on(data[: limit - self.passed], self.to_client)
                return
            await self._pass_on(data, self.to_client)

    async def _pass_on(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        faults = self.proxy.faults
        while self.proxy.faults.mode == "blackhole":
            await asyncio.sleep(0.02)
        delay = faults.latency + faults.jitter * self.proxy.random.random()
        if faults.bandwidth:
            delay += len(data) / faults.bandwidth
        if delay:
            await asyncio.sleep(delay)
        size = faults.piece or len(data) or 1
        for at in range(0, len(data), size):
            writer.write(data[at : at + size])
            await writer.drain()


@asynccontextmanager
async def proxy(upstream: str | tuple[str, int]) -> AsyncIterator[Proxy]:
    """A proxy to a unix socket's path or to (host, port); `port` is where it listens."""
    made = Proxy(upstream)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for pair in set(made.pairs):
            pair.abort()

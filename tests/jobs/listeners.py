"""Purge listeners for the relay's tests: what an edge node says, without an edge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Node:
    """A purge listener that remembers what it was told, and fails, hangs or restarts on demand."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.url = ""
        self.boot = "1.000"
        self.up = 1000.0
        self.tags: list[str] = []
        self.requests = 0
        self.broken = False
        self.hangs = asyncio.Event()  # set: answers; cleared: never
        self.hangs.set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._head(reader):
            self.requests += 1
            await self.hangs.wait()
            if self.broken:
                writer.write(b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n")
            else:
                line = next(line for line in head.splitlines() if line.lower().startswith("x-purge-tags:"))
                self.tags += line.partition(":")[2].split()
                writer.write(self._ok())
            await writer.drain()
        writer.close()

    def _ok(self) -> bytes:
        said = f"X-Vitrine-Node: {self.name}\r\nX-Vitrine-Boot: {self.boot}\r\nX-Vitrine-Up: {self.up:.3f}"
        return f"HTTP/1.1 200 n=1\r\n{said}\r\nContent-Length: 0\r\n\r\n".encode()

    def restart(self) -> None:
        """Another process with an empty cache answers from now on."""
        self.boot, self.up = f"{float(self.boot) + 1:.3f}", 0.0

    async def _head(self, reader: asyncio.StreamReader) -> str:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return ""


@asynccontextmanager
async def two_nodes() -> AsyncIterator[list[Node]]:
    """Two listeners on free ports."""
    both = [Node("one"), Node("two")]
    servers = [await asyncio.start_server(node.answer, "127.0.0.1", 0) for node in both]
    for node, server in zip(both, servers, strict=True):
        node.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield both
    finally:
        for server in servers:
            server.close()

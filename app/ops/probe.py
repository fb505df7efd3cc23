"""Asks a port of this machine for a page, with nothing to import: the supervisor stays small."""

from __future__ import annotations

import asyncio
from contextlib import suppress

PATIENCE = 2.0  # seconds


async def answer(host: str, port: int, path: str, *, name: str = "localhost") -> int | None:
    """The status of GET `path` asked of the site `name`; None when nobody answers in time."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        async with asyncio.timeout(PATIENCE):
            return await _ask(target, port, path, name)
    except (OSError, TimeoutError, ValueError):
        return None


async def _ask(host: str, port: int, path: str, name: str) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        return int((await reader.readline()).split(b" ")[1])
    except IndexError:
        raise ValueError("not an HTTP answer") from None
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

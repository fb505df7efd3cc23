"""Requests over kept connections: as fast as they are answered, or at a given rate whatever the answers take."""

from __future__ import annotations

import asyncio
import time
from collections import deque

import msgspec

from app.values import Refusal

CONNECTIONS = 16
GOOD = b"HTTP/1.1 303"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: seconds from when each request was due to its answer, and those that were not answered well."""

    seconds: float
    waits: list[float]
    bad: list[str]

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def percentile(self, part: float) -> float:
        """Milliseconds within which `part` (0..1) of the answers came."""
        ranked = sorted(self.waits)
        return ranked[min(len(ranked) - 1, int(part * len(ranked)))] * 1000 if ranked else 0.0


class Line:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> str:
        """Empty when the answer was a 303 to an order's page, else what was wrong."""
        if self.writer is None or self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        await self.reader.readexactly(int(fields.get(b"content-length", b"0")))
        good = head.startswith(GOOD) and fields.get(b"location", b"").startswith(b"/orders/")
        return "" if good else head.split(b"\r\n")[0].decode()

    def close(self) -> None:
        if self.writer:
            self.writer.close()


async def at_full_speed(requests: deque[bytes], port: int, seconds: float) -> Run:
    """CONNECTIONS shoppers, each placing the next order as soon as the last was answered."""
    waits: list[float] = []
    bad: list[str] = []
    started = time.perf_counter()

    async def shopper() -> None:
        line = Line(port)
        while time.perf_counter() - started < seconds and requests:
            await _timed(line, requests.popleft(), time.perf_counter(), waits, bad)
        line.close()

    await asyncio.gather(*(shopper() for _ in range(CONNECTIONS)))
    return Run(seconds=time.perf_counter() - started, waits=waits, bad=bad)


async def at_rate(requests: deque[bytes], port: int, rate: float, *, seconds: float) -> Run:
    """A request every 1/rate seconds; one that finds no free connection opens another and its wait counts from its time."""
    if len(requests) < rate * seconds:
        raise Refusal("There are too few buyers for this rate.")
    waits: list[float] = []
    bad: list[str] = []
    free: list[Line] = []
    started = time.perf_counter()

    async def shopper(due: float) -> None:
        line = free.pop() if free else Line(port)
        await _timed(line, requests.popleft(), due, waits, bad)
        free.append(line)

    asked = []
    for number in range(int(rate * seconds)):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(shopper(due)))
    await asyncio.gather(*asked)
    for line in free:
        line.close()
    return Run(seconds=time.perf_counter() - started, waits=waits, bad=bad)


async def _timed(line: Line, request: bytes, due: float, waits: list[float], bad: list[str]) -> None:
    wrong = await line.ask(request)
    waits.append(time.perf_counter() - due)
    if wrong:
        bad.append(wrong)

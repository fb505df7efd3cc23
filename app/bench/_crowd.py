"""Shoppers who do not give up: they place orders, pay on the provider's page or don't, and look at what they are told."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import deque
from contextlib import suppress

import msgspec

SHOPPERS = 8
PATIENCE = 8.0  # seconds until a shopper posts again
AGAIN = 0.5  # seconds between two tries
TWICE, GONE = 0.05, 0.05  # how many click twice at once; how many close the browser instead of reading the answer
STATUS = re.compile(rb"HTTP/1\.[01] (\d+)")
WAY = re.compile(rb"^location: \S*?(/(?:orders|dev/pay|checkout/return)/[\w-]+)\r?$", re.I | re.M)
SHOWN = re.compile(rb'data-testid="order-status">([a-z ]+)<')
WHO = re.compile(rb"^(?:Host|Cookie): .*\r\n", re.M)
# What they type on the provider's page, one attempt after the other, and how many of a hundred do; app/payments/cards.py
# says what each number does. "": they never press.
YES, NO, LOST = "4242424242424242", "4000000000000002", "4000000000000119"
CARDS = {
    (YES,): 50,
    ("4000000000000341",): 12,  # its webhook comes three times
    ("4000000000000127",): 12,  # an outdated webhook comes after the right one
    (LOST,): 6,  # the answer never comes, only the webhook tells
    (NO, YES): 7,
    (NO,): 5,
    ("",): 8,
}


class Answer(msgspec.Struct, frozen=True):
    """What a browser got. `way`: the path it is sent on to."""

    status: int
    way: str
    body: bytes = b""


class Crowd:
    """`told`: the status each order was last shown in, by number; `pages`: payment pages they came to; `odd`: answers nobody expected."""

    def __init__(self, requests: deque[bytes], port: int, rate: float, dice: random.Random) -> None:
        self.requests, self.port, self.dice = requests, port, dice
        self.think = SHOPPERS / rate
        self.told: dict[str, str] = {}
        self.pages: set[str] = set()
        self.odd: list[str] = []
        self.tries = 0
        self.sent: set[bytes] = set()  # what was asked for, answered or not
        self.acks: list[tuple[float, float]] = []  # sent at, acknowledged at

    async def shop(self, until: float) -> None:
        """Everybody buys until then, and finishes what was begun."""
        await asyncio.gather(*(self._one(until) for _ in range(SHOPPERS)))

    async def _one(self, until: float) -> None:
        while time.monotonic() < until and self.requests:
            request, habit = self.requests.popleft(), self.dice.random()
            self.sent.add(request)
            [cards] = self.dice.choices([*CARDS], [*CARDS.values()])
            if habit < GONE:
                await self._send(request, read=False)
            elif habit < GONE + TWICE:
                await asyncio.gather(self._buy(request, cards), self._buy(request, cards))
            else:
                await self._buy(request, cards)
            await asyncio.sleep(self.dice.expovariate(1 / self.think))

    async def _buy(self, request: bytes, cards: tuple[str, ...]) -> None:
        """The button, the provider's page, and back; after a card that was declined perhaps another one."""
        who, sent = b"".join(WHO.findall(request)), time.monotonic()
        way = await self._way(request)
        self.acks.append((sent, time.monotonic()))
        if way.startswith("/orders/"):  # it is being placed: its page leads on
            way = await self._way(_post(who, f"{way}/pay"))
        for card in cards:
            if way.startswith("/dev/pay/"):
                self.pages.add(way.removeprefix("/dev/pay/"))
                way = await self._press(who, way, card)
            if not way.startswith("/orders/"):
                return
            await self._look(who, way)
            if card != cards[-1]:
                way = await self._way(_post(who, f"{way}/pay"))

    async def _press(self, who: bytes, page: str, card: str) -> str:
        """Types the card; the way back to the order, or nothing for those who don't come back."""
        request = _post(who, page, f"number={card}")
        if not card:
            return ""
        if card == LOST:
            await self._send(request)
            return ""
        way = await self._way(request)
        return await self._way(_get(who, way)) if way.startswith("/checkout/return/") else way

    async def _look(self, who: bytes, order: str) -> None:
        """What its page says of the order."""
        answer = await self._answer(_get(who, order), good=200)
        if answer and (shown := SHOWN.search(answer.body)):
            self.told[order.removeprefix("/orders/")] = shown[1].decode().replace(" ", "_")

    async def _way(self, request: bytes) -> str:
        """Where it leads."""
        answer = await self._answer(request, good=303)
        return answer.way if answer else ""

    async def _answer(self, request: bytes, *, good: int) -> Answer | None:
        """Asks until the shop answers, as a shopper who reloads would. None, and noted, when that was not to be expected."""
        while True:
            answer = await self._send(request)
            if answer and answer.status < 500:
                if answer.status == good and (answer.way or good != 303):
                    return answer
                self.odd.append(f"{request.split(b' HTTP')[0].decode()}: {answer.status} {answer.way}")
                return None
            await asyncio.sleep(AGAIN)

    async def _send(self, request: bytes, *, read: bool = True) -> Answer | None:
        self.tries += 1
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write(request)
                    await writer.drain()
                    return await _read(reader) if read else None
                finally:
                    writer.transport.abort()
        return None


async def _read(reader: asyncio.StreamReader) -> Answer | None:
    head = await reader.readuntil(b"\r\n\r\n")
    status, way = STATUS.match(head), WAY.search(head)
    if status is None:
        return None
    body = await reader.read(-1) if status[1] == b"200" else b""
    return Answer(int(status[1]), way[1].decode() if way else "", body)


def _get(who: bytes, path: str) -> bytes:
    # HTTP/1.0: the body ends with the connection
    return f"GET {path} HTTP/1.0\r\nSec-Fetch-Site: same-origin\r\n".encode() + who + b"\r\n"


def _post(who: bytes, path: str, body: str = "") -> bytes:
    about = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    return f"POST {path} HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\n".encode() + who + about.encode()

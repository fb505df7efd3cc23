"""What breaks a running shop, and shoppers who do not give up: the two sides of `bench chaos`."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

import msgspec

from app.bench._shop import Shop

SHOPPERS = 8
PATIENCE = 8.0  # seconds until a shopper posts again
AGAIN = 0.5  # seconds between two tries
TWICE, GONE = 0.05, 0.05  # how many click twice at once; how many close the browser instead of reading the answer
# What is killed in turn, and what is stopped for some seconds.
KILLED = ("web", "worker", "relay", "redis", "postgres", "edge", "access")
LONGEST_STOP = 7.0
STOPPED = ("web", "worker", "relay", "redis")
CHILD = "'s child"
ANSWER = re.compile(rb"HTTP/1\.1 (\d+).*?(?:location: \S*/orders/(\w{8})|\Z)", re.I | re.S)


class Blow(msgspec.Struct, kw_only=True):
    """One fault. `at`: seconds since the start; `recovered`: until an order sent after it was acknowledged."""

    what: str
    at: float
    recovered: float | None = None


class Crowd:
    """Shoppers with orders to place. `told`: the numbers they were shown; `odd`: answers nobody expected."""

    def __init__(self, requests: deque[bytes], port: int, rate: float, dice: random.Random) -> None:
        self.requests, self.port, self.dice = requests, port, dice
        self.think = SHOPPERS / rate
        self.told: list[str] = []
        self.odd: list[str] = []
        self.tries = 0
        self.sent: set[bytes] = set()  # what was asked for, answered or not
        self.acks: list[tuple[float, float]] = []  # sent at, acknowledged at

    async def shop(self, until: float) -> None:
        """Everybody buys until then, and finishes what was begun."""
        await asyncio.gather(*(self._one(until) for _ in range(SHOPPERS)))

    async def _one(self, until: float) -> None:
        while time.monotonic() < until and self.requests:
            request = self.requests.popleft()
            habit = self.dice.random()
            if habit < GONE:
                await self._post(request, read=False)
            elif habit < GONE + TWICE:
                await asyncio.gather(self._buy(request), self._buy(request))
            else:
                await self._buy(request)
            await asyncio.sleep(self.dice.expovariate(1 / self.think))

    async def _buy(self, request: bytes) -> None:
        """Posts until an order is shown, as a shopper who reloads would."""
        while True:
            sent = time.monotonic()
            number = await self._post(request)
            if number:
                self.acks.append((sent, time.monotonic()))
                self.told.append(number)
                return
            await asyncio.sleep(AGAIN)

    async def _post(self, request: bytes, *, read: bool = True) -> str | None:
        self.tries += 1
        self.sent.add(request)
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write(request)
                    await writer.drain()
                    return self._number(await reader.readuntil(b"\r\n\r\n")) if read else None
                finally:
                    writer.transport.abort()
        return None

    def _number(self, head: bytes) -> str | None:
        found = ANSWER.match(head)
        if found and found[2]:
            return found[2].decode()
        status = int(found[1]) if found else 0
        if status < 500:
            self.odd.append(head[:200].decode(errors="replace"))
        return None


class Mayhem:
    """Kills, stops and empties, every few seconds: each kind of fault once before any comes again."""

    def __init__(self, shop: Shop, dice: random.Random, pause: float) -> None:
        self.shop, self.dice, self.pause = shop, dice, pause
        names = shop.pids()
        self.names = [*names, f"edge{CHILD}"] if "edge" in names else [*names]
        self.deck: list[str] = []
        self.blows: list[Blow] = []

    async def rage(self, until: float) -> None:
        started = time.monotonic()
        while True:
            await asyncio.sleep(self.pause * self.dice.uniform(0.5, 1.5))
            if time.monotonic() >= until:
                return
            self.deck = self.deck or self._shuffled()
            what = self.deck[-1]
            act, _, name = what.partition(" ")
            pid = self.shop.pids().get(name.removesuffix(CHILD))
            if pid is None:  # it has only just been killed: after the next pause
                continue
            self.deck.pop()
            self.blows.append(Blow(what=what, at=time.monotonic() - started))
            await self._strike(act, name, pid)

    def _shuffled(self) -> list[str]:
        """A fault of each kind, in any order; of processes that are alike, one."""
        kinds = [[f"kill {name}" for name in self.names if _family(name) == family] for family in KILLED]
        kinds.append([f"stop {name}" for name in self.names if _family(name) in STOPPED])
        deck = [self.dice.choice(kind) for kind in [*kinds, ["flush redis"]] if kind]
        self.dice.shuffle(deck)
        return deck

    async def _strike(self, act: str, name: str, pid: int) -> None:
        if act == "flush":
            await self._flush()
        elif name.endswith(CHILD):
            _kill_children(pid)
        elif act == "kill":
            _signal(pid, signal.SIGKILL)
        else:
            _signal(pid, signal.SIGSTOP)
            await asyncio.sleep(self.dice.uniform(1, LONGEST_STOP))
            _signal(pid, signal.SIGCONT)

    async def _flush(self) -> None:
        from redis.asyncio import Redis
        from redis.exceptions import RedisError

        with suppress(RedisError, OSError):
            async with Redis.from_url(self.shop.now.redis_url, socket_timeout=1) as redis:
                await redis.flushall()


def _family(name: str) -> str:
    return name.removesuffix(CHILD).partition(".")[0]


def _signal(pid: int, number: signal.Signals) -> None:
    """To the process and what it has started; one that has gone meanwhile needs no more."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _kill_children(pid: int) -> None:
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)


def recoveries(blows: list[Blow], acks: list[tuple[float, float]], started: float) -> None:
    """Notes for each blow how long it took until an order that was sent after it was acknowledged."""
    for blow in blows:
        at = started + blow.at
        blow.recovered = min((heard - at for sent, heard in acks if sent >= at), default=None)

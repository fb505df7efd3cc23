"""What breaks a running shop: one side of `bench chaos`; the other are the shoppers of `_crowd.py`."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from app.bench._shop import Shop

# What is killed in turn, and what is stopped for some seconds.
KILLED = ("web", "worker", "relay", "redis", "postgres", "edge", "access")
LONGEST_STOP = 7.0
STOPPED = ("web", "worker", "relay", "redis")
ROUND = (
    60.0  # seconds that let each kind of fault come once, on a machine that brings back what was killed within a pause
)
# Seconds without an order after which nothing more is struck until there is one, and for how long: who starts processes
# more slowly than they are killed learns nothing from it.
DOWN, MERCY = 20.0, 90.0
LATE = 60.0  # seconds more that one which is slower may take for that
CHILD = "'s child"


class Blow(msgspec.Struct, kw_only=True):
    """One fault. `at`: seconds since the start; `recovered`: until an order sent after it was acknowledged."""

    what: str
    at: float
    recovered: float | None = None


class Mayhem:
    """Kills, stops and empties, every few seconds: each kind of fault once before any comes again."""

    def __init__(
        self, shop: Shop, dice: random.Random, pause: float, ordered_at: Callable[[], float] = time.monotonic
    ) -> None:
        self.shop, self.dice, self.pause = shop, dice, pause
        self.ordered_at = ordered_at  # when the last order was acknowledged
        names = shop.pids()
        self.names = [*names, f"edge{CHILD}"] if "edge" in names else [*names]
        self.deck: list[str] = []
        self.blows: list[Blow] = []

    async def rage(self, until: float) -> None:
        """Until then; a run that is long enough for a whole round goes on to the end of its first."""
        started = time.monotonic()
        self.deck = self._shuffled()
        whole = len(self.deck) if until - started >= ROUND else 0
        while True:
            await asyncio.sleep(self.pause * self.dice.uniform(0.5, 1.5))
            late = time.monotonic() - until
            if late >= 0 and (len(self.blows) >= whole or late >= LATE):
                return
            if not DOWN < time.monotonic() - self.ordered_at() < MERCY:
                await self._next(started)

    async def _next(self, started: float) -> None:
        """The next fault; that of a process which has only just been killed waits for those of others."""
        self.deck = self.deck or self._shuffled()
        what = self.deck.pop()
        act, _, name = what.partition(" ")
        pid = self.shop.pids().get(name.removesuffix(CHILD))
        if pid is None:
            self.deck.insert(0, what)
            return
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

"""Many callers, one transaction: what is asked while a commit runs is sent together when it is done.

A row that everybody wants is then locked once for all of them, and one fsync pays for all. There is no timer: whoever
finds nobody in front goes at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from contextvars import Context
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import asyncpg

from app.db.engines import CURRENT, OUTAGES, TALLY, Busy, CrossShard, all_shards
from app.db.sharding import shard_of
from app.values import bucket_of

CAP = 200  # asks of one statement: its row lock is held for about 10 ms then
PATIENCE = 1.5  # seconds an ask may wait for its turn; who can't be served by then is told so at once
AGAIN_AFTER = 0.05  # seconds until a batch is sent again: a dead connection is noticed by then
# Sent one by one, these would fail one by one: the server is away, or somebody sits on the row.
HOPELESS = (*OUTAGES, Busy, TimeoutError, asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)


class Ask(Protocol):
    """What is asked for: under the id of a row, so that asking twice gets one answer."""

    @property
    def id(self) -> UUID: ...


A = TypeVar("A", bound=Ask)
R = TypeVar("R")
Send = Callable[[Any, Sequence[A]], Awaitable[Mapping[UUID, R]]]


def shard_key(key: UUID | int) -> int:
    """Where an id or a bucket stands in a line per shard; a key of `reading` and `writing` too."""
    return shard_of(bucket_of(key) if isinstance(key, UUID) else key, all_shards()).first


class _Waiter(Generic[A, R]):
    """A caller in the line. It is told that its patience is over, unless its batch is sent: from then on there will be an answer."""

    __slots__ = ("answer", "ask", "patience")

    def __init__(self, ask: A) -> None:
        self.ask = ask
        loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[R] = loop.create_future()
        self.patience = loop.call_later(PATIENCE, _settle, self, Busy())


class Batches(Generic[A, R]):
    """One kind of question, in a line per key: a variant's, a shard's. A line vanishes when nobody stands in it.

    `send` runs one transaction that may be repeated: it gives every ask's id the same answer again.
    """

    def __init__(self, send: Send[A, R]) -> None:
        self.send = send
        self.lines: dict[Hashable, _Line[A, R]] = {}

    async def ask(self, key: Hashable, ask: A) -> R:
        """The answer to `ask`. Raises Busy, at once or after PATIENCE, when its turn would not come in time.

        A caller who is cancelled before its turn is skipped; afterwards what it asked for has happened.
        """
        if CURRENT.get() is not None:
            raise CrossShard(f"a batch of {key} was asked for inside another transaction")
        line = self.lines.get(key)
        if line is None:
            line = self.lines[key] = _Line(self, key)
        started = time.perf_counter()
        try:
            return await line.wait(ask)
        finally:
            _count(started)


def _count(started: float) -> None:
    """A share of a batch is one statement of the request that waited for it."""
    tally = TALLY.get()
    if tally is not None:
        tally.queries += 1
        tally.seconds += time.perf_counter() - started
        tally.statements.append("a share of a batch")


class _Line(Generic[A, R]):
    def __init__(self, batches: Batches[A, R], key: Hashable) -> None:
        self.batches = batches
        self.key = key
        self.waiting: deque[_Waiter[A, R]] = deque()
        self.sent: list[_Waiter[A, R]] = []
        self.sent_at = time.monotonic()
        self.pace = 0.0
        # A context of its own: the batch belongs to no request.
        self.task = asyncio.create_task(self._serve(), context=Context())

    async def wait(self, ask: A) -> R:
        if self._turn_in() > PATIENCE:
            raise Busy
        waiter: _Waiter[A, R] = _Waiter(ask)
        self.waiting.append(waiter)
        return await waiter.answer

    def _turn_in(self) -> float:
        """Seconds until a newcomer's turn, going by the slower of the last batch and the one under way."""
        batches = 1 + len(self.waiting) // CAP
        return batches * max(self.pace, time.monotonic() - self.sent_at)

    async def _serve(self) -> None:
        try:
            while self._take():
                await self._answer(self.sent)
                self.pace = time.monotonic() - self.sent_at
        finally:
            del self.batches.lines[self.key]
            for waiter in (*self.sent, *self.waiting):  # only when the loop itself is ending
                waiter.answer.cancel()

    def _take(self) -> bool:
        """The next batch: the first CAP who still wait."""
        self.sent, self.sent_at = [], time.monotonic()
        while self.waiting and len(self.sent) < CAP:
            waiter = self.waiting.popleft()
            waiter.patience.cancel()
            if not waiter.answer.done():
                self.sent.append(waiter)
        return bool(self.sent)

    async def _answer(self, batch: list[_Waiter[A, R]]) -> None:
        """Everyone in the batch has an answer: all at once, else one by one, so that one bad ask spoils only itself."""
        try:
            said = await self._twice([waiter.ask for waiter in batch])
        except Exception as failure:
            if len(batch) == 1 or isinstance(failure, HOPELESS):
                for waiter in batch:
                    _settle(waiter, failure)
            else:
                for waiter in batch:
                    await self._answer([waiter])
            return
        for waiter in batch:
            _settle(waiter, said)

    async def _twice(self, asks: Sequence[A]) -> Mapping[UUID, R]:
        try:
            return await self.batches.send(self.key, asks)
        except Exception:  # whatever it was, even a commit of unknown outcome: the same ids get the same answers
            await asyncio.sleep(AGAIN_AFTER)
            return await self.batches.send(self.key, asks)


def _settle(waiter: _Waiter[A, R], said: Mapping[UUID, R] | Exception) -> None:
    if waiter.answer.done():
        return
    if isinstance(said, Exception):
        waiter.answer.set_exception(said)
    else:
        waiter.answer.set_result(said[waiter.ask.id])

"""One running shop: what starts when, and how each part is seen to be ready."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from app.ops import plan, postgres, redis, state
from app.ops.home import CLONE, Home
from app.ops.logs import Console, Log
from app.ops.probe import answer
from app.ops.processes import ended, mark, signal_group, spawn
from app.ops.report import report
from app.ops.supervisor import Program, Supervisor
from app.settings import Settings
from app.values import Refusal

STARTING = 120.0  # seconds a database may take, also when it recovers from a crash
FIRST = ("mail", "edge", "web.0")  # with these it serves; the others would only slow them down
LAST = ("worker",)  # what is queued can wait
MOST_STARTS = 5  # of one process while the shop starts; then it will not work
SERVING = 120.0  # seconds until the shop must answer; a busy machine needs many


class NotUp(Refusal):
    """Something did not come up in time; its log says why."""

    status = 1


class Shop:
    """One running shop."""

    def __init__(self, given: Settings, home: Home, console: Console) -> None:
        self.given, self.home, self.console = given, home, console
        self.full = plan.complete(given, home)
        self.serving = self.complete = self.forgetful = False
        self.supervisor = Supervisor(lambda name: Log(home.logs, name, console), self.remember)

    def remember(self) -> None:
        """Write down what runs now, for the other commands; a disk that refuses it closes no shop."""
        try:
            state.write(self.home, self._state())
        except OSError as wrong:
            if not self.forgetful:
                self.forgetful = True
                self.console.say(f"What runs can't be written down, so other commands may be wrong about it: {wrong}")

    def _state(self) -> state.State:
        return state.State(
            clone=str(CLONE),
            supervisor=mark(os.getpid()),
            children=self.supervisor.marks(),
            env=plan.environment(self.full),
            serving=self.serving,
            complete=self.complete,
            url=self.full.public_origin,
        )

    async def start(self, seed: str) -> None:
        """Everything runs and the shop answers. Raises NotUp."""
        programs = plan.programs(self.given, self.full, self.home)
        self.remember()
        await self._start_servers(programs)
        await self._prepare(seed)
        self.console.say("Starting the shop")
        await self._serve(programs)
        self.console.say(report(self.full, self.home))
        self.serving = True
        self.remember()
        await self._complete(programs)
        self.complete = True
        self.remember()

    async def _serve(self, programs: dict[str, Program]) -> None:
        """The shop answers through its own port."""
        self._launch(programs[name] for name in programs if name in FIRST)
        await self._until("web", self._web_answers, SERVING)
        if self.full.edge:
            await self._until("edge", self._edge_listens, SERVING)
        await self._until("the shop", self._shop_answers, SERVING)

    async def _complete(self, programs: dict[str, Program]) -> None:
        """Everything else runs, too."""
        self._launch(programs[name] for name in programs if name not in (*plan.SERVERS, *FIRST, *LAST))
        await self._until("web", self._all_web_answer, SERVING)
        await self._until("admin", self._admin_answers, SERVING)
        self._launch(programs[name] for name in programs if name in LAST)

    def _launch(self, programs: Iterable[Program]) -> None:
        for program in programs:
            self.supervisor.start(program)

    async def _start_servers(self, programs: dict[str, Program]) -> None:
        if "postgres" in programs:
            if postgres.is_new(self.home):
                self.console.say(f"Making a PostgreSQL database in {self.home.data}")
            postgres.initialise(self.home, postgres.connections(self.full))
        if "redis" in programs:
            redis.configure(self.home)
        self._launch(programs[name] for name in programs if name in plan.SERVERS)
        if "postgres" in programs:
            await self._until("postgres", self._postgres_ready, STARTING)
        if "redis" in programs:
            await self._until("redis", self._redis_ready, STARTING)

    async def _postgres_ready(self) -> bool:
        child = self.supervisor.children["postgres"].mark
        return child is not None and postgres.ready(self.home, child.pid)

    async def _redis_ready(self) -> bool:
        return redis.ready(self.home)

    async def _edge_listens(self) -> bool:
        return await answer("127.0.0.1", self.full.purge_port, "/") is not None

    async def _web_answers(self) -> bool:
        host, port = ("127.0.0.1", self.full.web_port) if self.full.edge else (self.full.host, self.full.port)
        return await answer(host, port, "/readyz") == 200

    async def _all_web_answer(self) -> bool:
        """Every instance, so that none that is still starting gets a request; without an edge they share one port."""
        ports = [self.full.web_port + number for number in range(self.full.web_instances)] if self.full.edge else []
        return all([await answer("127.0.0.1", port, "/healthz") == 200 for port in ports])

    async def _admin_answers(self) -> bool:
        return await answer(self.full.host, self.full.admin_port, "/healthz") == 200

    async def _shop_answers(self) -> bool:
        name = urlsplit(self.full.public_origin).netloc  # the edge answers to no other
        return await answer(self.full.host, self.full.port, "/readyz", name=name) == 200

    async def _prepare(self, seed: str) -> None:
        """Migrate, seed and render in a process of its own, whose words are the console's."""
        process = spawn(
            [sys.executable, "-m", "app.ops.prepare", seed],
            env=plan.inherited() | plan.environment(self.full),
            cwd=CLONE,
            user=None,
            when_parent_dies=signal.SIGTERM,
            output=None,
        )
        try:
            await ended(process.pid)
        finally:
            signal_group(process.pid, signal.SIGTERM)
            status = process.wait()
        if status:
            raise NotUp("The databases could not be prepared, as said above.")

    async def _until(self, name: str, ready: Callable[[], Awaitable[bool]], limit: float) -> None:
        deadline = time.monotonic() + limit
        while not await ready():
            if broken := next((c for c in self.supervisor.children.values() if c.starts >= MOST_STARTS), None):
                raise NotUp(
                    f"{broken.program.name} keeps ending ({broken.log.last}): see the logs in {self.home.logs}."
                )
            if time.monotonic() > deadline:
                raise NotUp(f"{name} did not come up in {limit:g} s: see the logs in {self.home.logs}.")
            await asyncio.sleep(0.05)

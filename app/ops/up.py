"""Starts a shop, keeps it running and takes it down again: what `vitrine up` does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import msgspec

from app.ops import plan, ports, postgres, redis, state, varnish
from app.ops.home import CLONE, Home, home_of, make
from app.ops.logs import Console, Log
from app.ops.probe import answer
from app.ops.processes import ended, mark, signal_group, spawn
from app.ops.report import report
from app.ops.supervisor import Supervisor
from app.settings import Settings
from app.values import Refusal

STARTING = 120.0  # seconds a database may take, also when it recovers from a crash
MOST_STARTS = 5  # of one process while the shop starts; then it will not work
SERVING = 120.0  # seconds until the shop must answer; a busy machine needs many


class AlreadyRunning(Refusal):
    status = 2


class NotUp(Refusal):
    """Something did not come up in time; its log says why."""

    status = 1


class Shop:
    """One running shop."""

    def __init__(self, given: Settings, home: Home, console: Console) -> None:
        self.given, self.home, self.console = given, home, console
        self.full = plan.complete(given, home)
        self.serving = False
        self.supervisor = Supervisor(lambda name: Log(home.logs, name, console), self.remember)

    def remember(self) -> None:
        """Write down what runs now, for the other commands."""
        state.write(
            self.home,
            state.State(
                clone=str(CLONE),
                supervisor=mark(os.getpid()),
                children=self.supervisor.marks(),
                env=plan.environment(self.full),
                serving=self.serving,
                url=self.full.public_origin,
            ),
        )

    async def start(self, seed: str) -> None:
        """Everything runs and the shop answers. Raises NotUp."""
        programs = plan.programs(self.given, self.full, self.home)
        self.remember()
        await self._start_servers(programs)
        await self._prepare(seed)
        self.console.say("Starting the shop")
        for name, program in programs.items():
            if name == "relay" and self.full.edge:  # whose first purges nobody would take otherwise
                await self._until("edge", self._edge_listens, SERVING)
            if name not in plan.SERVERS:
                self.supervisor.start(program)
        await self._until("web", self._answers, SERVING)

    def announce(self) -> None:
        """Say where everything is, then let the other commands know."""
        self.console.say(report(self.full, self.home))
        self.serving = True
        self.remember()

    async def _start_servers(self, programs: dict[str, plan.Program]) -> None:
        if "postgres" in programs:
            if postgres.is_new(self.home):
                self.console.say(f"Making a PostgreSQL database in {self.home.data}")
            postgres.initialise(self.home)
        if "redis" in programs:
            redis.configure(self.home)
        for name in plan.SERVERS:
            if name in programs:
                self.supervisor.start(programs[name])
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

    async def _answers(self) -> bool:
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


def run(given: Settings, *, seed: str, verbose: bool) -> None:
    """Run the shop in the foreground until it is told to stop. Raises Refusal when it can't start."""
    home = home_of(given)
    make(home)
    lock = state.hold(home)
    if lock is None:
        raise AlreadyRunning(already(home))
    console = Console(verbose=verbose)
    for name in state.clear_leftovers(home):
        console.say(f"Stopped {name}, left over from a start that was killed")
    given = with_edge(given, console.say)
    ports.check(ports.wanted(given))
    asyncio.run(_run(Shop(given, home, console), seed))


def already(home: Home) -> str:
    """Where the shop of this home runs, and how to stop it."""
    found = state.running(home)
    where = f" at {found.url} (process {found.supervisor.pid})" if found else ""
    return f"This shop is running already{where}, with its data in {home.root}: ./vitrine down stops it."


def with_edge(given: Settings, say: Callable[[str], None]) -> Settings:
    """Settings with the edge off where there is no Varnish and no way to get one."""
    if given.edge and not varnish.ensure(say):
        return msgspec.structs.replace(given, edge=False)
    return given


async def _run(shop: Shop, seed: str) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    starting = asyncio.create_task(shop.start(seed))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            shop.announce()
        await stopping
        shop.console.say("Stopping")
    finally:
        starting.cancel()
        await asyncio.wait([starting])
        await shop.supervisor.stop()
        shop.home.state.unlink(missing_ok=True)

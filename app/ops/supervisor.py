"""Keeps the shop's processes running, because one death must not close the shop.

PyPI's supervisor gives up after `startretries` and leaves orphans when it is killed; honcho stops
everything at the first death. This one never gives up, and its children end with it.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec

from app.ops.logs import Log, keep_bounded
from app.ops.processes import Mark, ended, mark, signal_group, spawn

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds before a restart; doubles from one to the other
HEALTHY_AFTER = 10.0  # seconds of life after which a death counts as the first again
PATIENCE = 8.0  # seconds between asking a process to stop and killing it


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """One process to keep running. `before` is awaited ahead of each start, e.g. to clear orphans away.

    `writes` is a file that the process appends to by itself; it is kept bounded meanwhile.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    user: tuple[int, int] | None = None
    stop_with: signal.Signals = signal.SIGTERM
    before: Callable[[], Awaitable[None]] | None = None
    writes: Path | None = None


def next_pause(pause: float, lived: float) -> float:
    """Seconds to wait before the next start, after one that lived so many seconds."""
    return FIRST_PAUSE if lived >= HEALTHY_AFTER or not pause else min(pause * 2, LONGEST_PAUSE)


class Child:
    """One program, started again whenever it ends, until `stop`."""

    def __init__(self, program: Program, log: Log, changed: Callable[[], None]) -> None:
        self.program, self.log, self.changed = program, log, changed
        self.mark: Mark | None = None
        self.starts = 0
        self.stopping = asyncio.Event()
        self.task = asyncio.create_task(self._keep(), name=program.name)

    async def stop(self) -> None:
        """Ask, wait, kill; afterwards nothing of its process group is left."""
        self.stopping.set()
        self.log.hushed = True
        if self.mark and self.mark.alive:
            signal_group(self.mark.pid, self.program.stop_with)
        if not (await asyncio.wait([self.task], timeout=PATIENCE))[0] and self.mark:
            self.log.say(f"did not stop in {PATIENCE:g} s and is killed")
            signal_group(self.mark.pid, signal.SIGKILL)
        await self.task

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pause = 0.0
        while not self.stopping.is_set():
            began = loop.time()
            outcome = await self._once_whatever_happens()
            if self.stopping.is_set():
                break
            pause = next_pause(pause, loop.time() - began)
            self.log.say(f"{outcome}; starts again in {pause:g} s")
            await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _once_whatever_happens(self) -> str:
        try:
            return await self._once()
        except Exception as wrong:  # if we end, nobody starts this process again
            return f"could not be kept running: {type(wrong).__name__}: {wrong}"

    async def _once(self) -> str:
        """Run it to its end; how it ended, in words."""
        program = self.program
        if program.before:
            await program.before()
        if self.stopping.is_set():
            return "was not started"
        try:
            process = spawn(
                program.argv,
                env=program.env,
                cwd=program.cwd,
                user=program.user,
                when_parent_dies=program.stop_with,
            )
        except (OSError, subprocess.SubprocessError) as wrong:
            return f"could not start: {wrong}"
        return await self._follow(process)

    async def _follow(self, process: subprocess.Popen[bytes]) -> str:
        self.mark = mark(process.pid)
        self.starts += 1
        reading = asyncio.create_task(self.log.follow(process.stdout))
        bounding = asyncio.create_task(keep_bounded(self.program.writes))
        try:
            self.log.say(f"started as {process.pid}", quiet=self.starts == 1)
            self.changed()
            await ended(process.pid)
        finally:
            signal_group(process.pid, signal.SIGKILL)  # what it left behind would hold its port
            status = process.wait()
            await asyncio.wait([reading], timeout=1)
            reading.cancel()
            bounding.cancel()
            self.mark = None
        self.changed()
        return _outcome(status, self.log.last)


def _outcome(status: int, last: str) -> str:
    """How it ended; with its last line, where that is likely the reason."""
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}" + (f" ({last})" if status and last else "")


class Supervisor:
    """All children, in the order they were started."""

    def __init__(self, log_for: Callable[[str], Log], changed: Callable[[], None] = lambda: None) -> None:
        self.log_for, self.changed = log_for, changed
        self.children: dict[str, Child] = {}

    def start(self, program: Program) -> Child:
        child = Child(program, self.log_for(program.name), self.changed)
        self.children[program.name] = child
        return child

    def marks(self) -> dict[str, Mark]:
        """The processes that run now, by name."""
        return {name: child.mark for name, child in self.children.items() if child.mark}

    async def stop(self) -> None:
        """Stop all, last started first; instances of one program (`web.0`, `web.1`) together."""
        kinds = dict.fromkeys(name.partition(".")[0] for name in reversed(self.children))
        for kind in kinds:
            same = [child for name, child in self.children.items() if name.partition(".")[0] == kind]
            await asyncio.gather(*(child.stop() for child in same))

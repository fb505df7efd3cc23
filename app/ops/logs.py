"""Where the processes' words go: one bounded file each, and the console."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import IO, TextIO

MOST = 5_000_000  # bytes in a log file before it becomes `.1`; so a log costs at most twice this
MOST_APPENDED = 20_000_000  # bytes in a file that a process appends to by itself, likewise
LONGEST_LINE = 1 << 16
COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)  # ANSI foregrounds, none of them red
WORRYING = re.compile(r"\b(warning|error|critical|fatal|panic)\b", re.IGNORECASE)
CHATTER = re.compile(r"\[INFO\]|LOG:|Info:|Debug:|\[ERROR\] Unexpected exit")  # what servers say around the reason
HARMLESS = re.compile(r"overcommit_memory")  # redis fears for its background saves, which are off


class Console:
    """One line per event, the name of the process in its colour in front."""

    def __init__(self, to: TextIO = sys.stdout, verbose: bool = False) -> None:
        self.to, self.verbose = to, verbose
        self.colour = to.isatty() and "NO_COLOR" not in os.environ
        self.names: list[str] = []

    def line(self, name: str, text: str) -> None:
        if name not in self.names:
            self.names.append(name)
        front = f"{name:<9}|"
        if self.colour:
            front = f"\033[{COLOURS[self.names.index(name) % len(COLOURS)]}m{front}\033[0m"
        self.say(f"{front} {text}")

    def say(self, text: str) -> None:
        """Print, unless the terminal has gone away or lacks a letter: the shop outlives it."""
        with suppress(OSError, ValueError):
            print(text, file=self.to, flush=True)


class Log:
    """The log of one process. What worries shows on the console too; everything does when verbose."""

    def __init__(self, folder: Path, name: str, console: Console) -> None:
        """`last` is the last telling line of the process: mostly why it ended. `hushed`: it was told to stop."""
        self.path, self.name, self.console = folder / f"{name}.log", name, console
        self.file = self._opened()
        self.last = ""
        self.hushed = self.lossy = False

    def say(self, text: str, quiet: bool = False) -> None:
        """The supervisor's own words about the process."""
        self._keep(f"-- {text}\n".encode())
        if not quiet or self.console.verbose:
            self.console.line(self.name, text)

    async def follow(self, pipe: IO[bytes] | None) -> None:
        """Read the pipe to its end."""
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        try:
            while line := await next_line(reader):
                self.hear(line)
        finally:
            transport.close()

    def hear(self, line: bytes) -> None:
        """One line of the process itself."""
        self._keep(line)
        text = line.decode(errors="replace").rstrip()
        if text and not CHATTER.match(text):
            self.last = text
        worrying = WORRYING.search(text) and not HARMLESS.search(text) and not self.hushed
        if text and (self.console.verbose or worrying):
            self.console.line(self.name, text)

    def _keep(self, line: bytes) -> None:
        """Write it, or lose it: whoever stops reading over a full disk blocks the process in its next word."""
        try:
            if self.file.tell() + len(line) > MOST:
                self._turn()
            self.file.write(line)
        except OSError as wrong:
            if not self.lossy:
                self.lossy = True
                self.console.line(self.name, f"can't write its log, so lines are lost: {wrong}")

    def _turn(self) -> None:
        with suppress(FileNotFoundError):  # renamed by a turn that failed after it, or removed by somebody
            self.path.replace(self.path.with_suffix(".log.1"))
        full, self.file = self.file, self._opened()
        full.close()

    def _opened(self) -> FileIO:
        return self.path.open("ab", buffering=0)  # a buffer would keep what the disk refused and fail again in `close`


async def keep_bounded(path: Path | None, most: int = MOST_APPENDED) -> None:
    """Looks each second, until cancelled, whether the file that a process appends to by itself is full."""
    while path is not None:
        await asyncio.sleep(1)
        with suppress(OSError):
            turn_over(path, most)


def turn_over(path: Path, most: int) -> None:
    """A full file's lines go to `.1` and it starts empty.

    Copied and cut rather than renamed, because such a process keeps its file open and takes no signal to open another;
    a line written between the two is lost.
    """
    if path.stat().st_size > most:
        shutil.copyfile(path, path.with_suffix(".log.1"))
        os.truncate(path, 0)


async def next_line(reader: asyncio.StreamReader) -> bytes:
    """The next line, or what fits of one that is too long; empty at the end."""
    try:
        return await reader.readuntil()
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as long:
        return await reader.read(long.consumed)

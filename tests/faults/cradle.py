"""Processes that die for a test: each a fork of one that has everything imported, which is what takes the time."""

from __future__ import annotations

import asyncio
import atexit
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from functools import cache
from typing import IO

import msgspec

from app.db import crash
from app.settings import settings
from tests.stack import ROOT


class Wish(msgspec.Struct):
    """What the process is to do, with which environment."""

    act: str
    ask: bytes
    environment: dict[str, str]


def end_of(wish: Wish) -> tuple[int, str]:
    """How a process ended that did this (-9: it was killed), and what it said if it was not."""
    said, process = _cradle()
    assert process.stdin and process.stdout
    said.truncate(0)
    process.stdin.write(msgspec.json.encode(wish) + b"\n")
    process.stdin.flush()
    code = int(process.stdout.readline())
    said.seek(0)
    return code, said.read().decode(errors="replace")


@cache
def _cradle() -> tuple[IO[bytes], subprocess.Popen[bytes]]:
    """It ends with this process, at the end of its input."""
    said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.acts"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
    )
    atexit.register(process.communicate)
    return said, process


def serve(do: Callable[[str, bytes], Awaitable[None]]) -> None:
    """One process after another, as they are asked for; their ends are told in turn."""
    for line in sys.stdin.buffer:
        wish = msgspec.json.decode(line, type=Wish)
        pid = os.fork()
        if pid == 0:
            _live(wish, do)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _live(wish: Wish, do: Callable[[str, bytes], Awaitable[None]]) -> None:
    """What a process of its own would do, and never comes back."""
    try:
        os.environ.clear()
        os.environ.update(wish.environment)
        settings.cache_clear()
        crash.AT = crash.wanted(os.environ)
        asyncio.run(do(wish.act, wish.ask))  # type: ignore[arg-type]
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)

"""What the kernel knows about processes, kept in one place because pids are reused and creds change."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

PR_SET_PDEATHSIG = 1  # prctl(2)
LIBC = ctypes.CDLL(None, use_errno=True)


class Mark(msgspec.Struct, frozen=True):
    """One process for good: a pid alone may be somebody else's tomorrow."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        return started_at(self.pid) == self.started


def mark(pid: int) -> Mark:
    return Mark(pid, started_at(pid) or 0)


def started_at(pid: int) -> int | None:
    """Clock ticks after boot at which a process started; None when it is gone or only a zombie."""
    try:
        # The command in parentheses may hold spaces and parentheses itself (proc_pid_stat(5)).
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else int(rest[18])


def signal_group(pid: int, number: int) -> None:
    """Signal a process group we made; harmless when it is gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def working_in(folder: Path, program: str) -> list[int]:
    """Pids that run `program` with `folder` as working directory: how orphans of a killed server are found."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            if (entry / "cwd").readlink() == folder and (entry / "exe").readlink().name.startswith(program):
                found.append(int(entry.name))
    return found


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    user: tuple[int, int] | None,
    when_parent_dies: signal.Signals,
    output: int | None = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own that is told when its parent dies, even by kill -9.

    `user` is (uid, gid). Call it from a thread that lives as long as the parent: the kernel watches the
    thread, not the process. A program that changes its user itself loses the tie (prctl(2)). Without `output`
    its words go where ours go.
    """
    parent = os.getpid()

    def tie() -> None:  # runs in the child, after setuid, which would clear it
        LIBC.prctl(PR_SET_PDEATHSIG, int(when_parent_dies), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)

    return subprocess.Popen(
        argv,
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        process_group=0,
        preexec_fn=tie,  # noqa: PLW1509  # it makes two system calls and takes no lock
        **dropping(user),
    )


def dropping(user: tuple[int, int] | None) -> dict[str, Any]:
    """Arguments of `subprocess` that run a program as (uid, gid) without other groups; none to stay who we are."""
    return {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}


async def ended(pid: int) -> None:
    """Returns when a child has ended and before it is reaped, so its group is still ours to signal."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    fd = os.pidfd_open(pid)
    loop.add_reader(fd, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(fd)
        os.close(fd)

"""What runs in a home folder: written by the supervisor, read by every other command."""

from __future__ import annotations

import fcntl
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

import msgspec

from app.ops.home import Home
from app.ops.processes import Mark, signal_group


class State(msgspec.Struct, frozen=True, kw_only=True):
    """One running shop. `env` holds the VITRINE_* variables its processes were given. `serving`: the shop answers;
    `complete`: everything else runs, too."""

    clone: str
    supervisor: Mark
    children: dict[str, Mark]
    env: dict[str, str]
    serving: bool
    complete: bool
    url: str


def write(home: Home, state: State) -> None:
    """Replace the state in one step; only its owner can read it, since DSNs may hold passwords."""
    fresh = home.state.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(state), indent=2))
    fresh.replace(home.state)


def read(home: Home) -> State | None:
    """The last state written, of a shop that may have died since; None without one."""
    try:
        return msgspec.json.decode(home.state.read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None


def running(home: Home) -> State | None:
    """The state, if its supervisor lives."""
    state = read(home)
    return state if state and state.supervisor.alive else None


def running_env(home: Home) -> Mapping[str, str]:
    """The VITRINE_* variables of the running shop; empty when none runs."""
    state = running(home)
    return state.env if state else {}


def hold(home: Home) -> IO[bytes] | None:
    """The home's lock, held as long as the file is open; None when another process has it."""
    file = home.lock.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def clear_leftovers(home: Home, patience: float = 5.0) -> list[str]:
    """Stop what a killed supervisor may have left running. Call with the lock held. Returns the names."""
    state = read(home)
    left = {name: mark for name, mark in state.children.items() if mark.alive} if state else {}
    for mark in left.values():
        signal_group(mark.pid, signal.SIGTERM)
    until = time.monotonic() + patience
    while any(mark.alive for mark in left.values()) and time.monotonic() < until:
        time.sleep(0.05)
    for mark in left.values():
        if mark.alive:
            signal_group(mark.pid, signal.SIGKILL)
    with suppress(FileNotFoundError):
        home.state.unlink()
    return sorted(left)

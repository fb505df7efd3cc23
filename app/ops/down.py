"""Stops a shop that runs in another terminal or in the background."""

from __future__ import annotations

import os
import signal
import time

from app.ops import state
from app.ops.home import Home
from app.values import Refusal

PATIENCE = 60.0  # seconds; each process has 8 before it is killed


class StillRunning(Refusal):
    """The shop was asked to stop and did not."""

    status = 1


def stop(home: Home) -> str:
    """Nothing of this home's shop runs any more. What was done, in words. Raises StillRunning."""
    found = state.running(home)
    if found is None:
        return _after_a_kill(home)
    os.kill(found.supervisor.pid, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while found.supervisor.alive:
        if time.monotonic() > until:
            raise StillRunning(f"Process {found.supervisor.pid} was asked to stop {PATIENCE:g} s ago and still runs.")
        time.sleep(0.05)
    left = sorted(name for name, mark in found.children.items() if mark.alive)
    if left:
        raise StillRunning(f"The shop stopped but left {', '.join(left)} running.")
    return f"Stopped the shop at {found.url}."


def _after_a_kill(home: Home) -> str:
    """The supervisor is gone; whatever outlived it is stopped too."""
    if not home.root.exists():
        return "Nothing runs here."
    lock = state.hold(home)
    if lock is None:
        raise StillRunning("The shop is just starting: try again in a moment.")
    with lock:
        names = state.clear_leftovers(home)
    return f"Stopped {', '.join(names)}, left over from a shop that was killed." if names else "Nothing runs here."

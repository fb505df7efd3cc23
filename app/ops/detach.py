"""`up --detach`: the same shop in the background, reported when it serves or has failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from app.ops import state
from app.ops.home import CLONE, Home, home_of, make
from app.settings import Settings
from app.values import Refusal

PATIENCE = 3600.0  # seconds; seeding a big catalogue takes its time


class DidNotStart(Refusal):
    """The background shop ended before it served."""

    def __init__(self, say: str, status: int) -> None:
        super().__init__(say)
        self.status = status


def start(given: Settings, seed: str) -> None:
    """The shop serves in the background. Raises DidNotStart with its last words."""
    home = home_of(given)
    make(home)
    path = home.logs / "up.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "up", "--seed", seed],
            cwd=CLONE,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    until = time.monotonic() + PATIENCE
    while not _is_up(home, process.pid):
        if process.poll() is not None or time.monotonic() > until:
            raise DidNotStart(*_last_words(home, process.returncode))
        time.sleep(0.05)
    print(path.read_text(errors="replace"))


def _is_up(home: Home, pid: int) -> bool:
    found = state.running(home)
    return bool(found and found.complete and found.supervisor.pid == pid)


def _last_words(home: Home, status: int | None) -> tuple[str, int]:
    lines = (home.logs / "up.log").read_text(errors="replace").split("\n")
    said = [line for line in lines if line.strip()]
    last = said[-1].removeprefix("vitrine: ") if said else f"see {home.logs / 'up.log'}"
    return last, status or 1

"""Runs the tools that prove the shop: pytest, ruff, mypy, varnishd."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from app.ops import apt, varnish
from app.ops.home import CLONE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "layers, docs": ("pytest", "-q", "tests/test_layers.py", "tests/test_docs.py"),
    "VCL": ("app.cli", "edge", "check"),
}


# Each process has a PostgreSQL and, in the slow part, whole shops of its own.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")
FAST = ("-m", "not slow", *SIDE_BY_SIDE)
SLOW = ("-m", "slow", *SIDE_BY_SIDE)


def run_tests(paths: Sequence[str], *, fast: bool) -> int:
    """pytest's exit status, after making sure of a browser and an edge to test with. Without paths the fast part goes first."""
    _browser()
    varnish.ensure(_say)
    if paths and not fast:
        return _tool("pytest", *paths)
    statuses = [_tool("pytest", *part, *paths) for part in ((FAST,) if fast else (FAST, SLOW))]
    return max(statuses)


def run_checks() -> int:
    """0 when every check passes, else 1; all of them run, each said by name."""
    failed = []
    for name, (tool, *words) in CHECKS.items():
        _say(f"== {name}")
        if _tool(tool, *words):
            failed.append(name)
    _say(f"Failed: {', '.join(failed)}" if failed else "All checks pass.")
    return 1 if failed else 0


def _browser() -> None:
    if any(map(shutil.which, BROWSERS)) or (apt.install(("chromium",), _say) and shutil.which("chromium")):
        return
    _say(f"There is no Chromium here, so the journeys can't run. To have one: {apt.how(('chromium',))} (as root)")


def _tool(module: str, *words: str) -> int:
    return subprocess.run([sys.executable, "-m", module, *words], cwd=CLONE, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """Ours, with bytecode kept: tests start hundreds of Pythons, and compiling is most of what a short one does."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _say(words: str) -> None:
    print(words, flush=True)

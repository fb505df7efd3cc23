"""Runs the tools that prove the shop: pytest, ruff, mypy, varnishd."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

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
# More failures than this are no accident of a crowded machine.
ASKED_AGAIN = 4
SOME_FAILED = 1


def run_tests(paths: Sequence[str], *, fast: bool) -> int:
    """pytest's exit status, after making sure of a browser and an edge to test with. Without paths the fast part goes first."""
    _browser()
    varnish.ensure(_say)
    if paths:
        return _tool("pytest", *(FAST if fast else ()), *paths)
    return run_parts((FAST,) if fast else (FAST, SLOW))


def run_parts(parts: Sequence[Sequence[str]], folder: Path = CLONE) -> int:
    """The worst of the parts' exit statuses; 0 too when the few tests that failed in the crowd hold alone.

    Two processes of whole shops on two cores can miss any deadline; such a test is named, not hidden: it needs mending.
    """
    failed, worst = [], 0
    for part in parts:
        worst = max(worst, _tool("pytest", "--cache-clear", *part, folder=folder))
        failed += _failed_last(folder)
    if worst != SOME_FAILED or not 0 < len(failed) <= ASKED_AGAIN:
        return worst
    _say(f"== {len(failed)} failed beside others; asked again alone")
    if again := _tool("pytest", *failed, folder=folder):
        return again
    _say("Unsteady, failed once above and passed alone: " + ", ".join(failed))
    return 0


def _failed_last(folder: Path) -> list[str]:
    kept = folder / ".pytest_cache/v/cache/lastfailed"
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


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


def _tool(module: str, *words: str, folder: Path = CLONE) -> int:
    return subprocess.run([sys.executable, "-m", module, *words], cwd=folder, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """Ours, with bytecode kept: tests start hundreds of Pythons, and compiling is most of what a short one does."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _say(words: str) -> None:
    print(words, flush=True)

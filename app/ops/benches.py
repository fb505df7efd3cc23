"""Finds a benchmark by its file: `app/bench/<name>.py` with `run(args)`."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from app.ops.home import CLONE
from app.values import Refusal


class NoBench(Refusal):
    status = 2


def names() -> list[str]:
    return sorted(file.stem for file in (CLONE / "app" / "bench").glob("[a-z]*.py"))


def run(name: str, args: Sequence[str]) -> None:
    """Run one benchmark. Raises NoBench, listing those there are."""
    if name not in names():
        raise NoBench(f"There is no benchmark {name!r}: choose one of {', '.join(names()) or 'none yet'}.")
    importlib.import_module(f"app.bench.{name}").run(args)

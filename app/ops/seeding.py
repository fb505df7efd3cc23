"""Fills the catalogue while showing how far it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def check(what: str) -> str:
    """`what`, if it can be seeded. Raises Refusal."""
    if what not in ("demo", "none"):  # the common words need no import of the catalogue
        from app.demo.seed import amount

        amount(what)
    return what


async def seed_with_progress(full: Settings, what: str) -> None:
    """Seed `what`, with bars on a terminal and a line per step elsewhere."""
    from app.demo.seed import seed

    if not sys.stdout.isatty():
        await seed(full, what, Lines())
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        await seed(full, what, Bars(progress))


class Lines:
    """One line when a step begins."""

    def __init__(self) -> None:
        self.step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self.step:
            self.step = step
            print(f"Seeding {step} ({total})", flush=True)


class Bars:
    """One bar per step."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self.tasks:
            self.tasks[step] = self.progress.add_task(step, total=total)
        self.progress.update(self.tasks[step], completed=done, total=total)

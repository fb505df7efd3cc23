"""Who may import whom. The order of SLICES is the order of the shop: each may use what stands before it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLATFORM = {
    "values": set(),
    "descriptions": set(),
    "settings": {"values", "descriptions"},
    "logs": {"settings"},
    "drawing": {"values"},
    "db": {"values", "settings", "logs"},
    "edge": {"values", "settings", "logs", "db"},
    "web": {"values", "settings", "logs", "db", "edge"},
}
SLICES = ["accounts", "reviews", "catalog", "content", "inventory", "alerts", "promotions", "search", "lists", "cart", "payments", "orders",
          "checkout", "members", "analytics", "admin"]  # fmt: skip
SHARED_BY_SLICES = {"events", "queries", "operations"}
TOOLS = {"main", "cli", "ops", "demo", "bench"}


def modules() -> list[Path]:
    return sorted(path for folder in ("app", "jobs") for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, ...]]:
    """Every `app...` or `jobs...` module a file names, as parts."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (tuple(name.split(".")) for name in names if name.split(".")[0] in ("app", "jobs"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_stands_below_it(path: Path) -> None:
    here = path.relative_to(ROOT).with_suffix("").parts
    wrong = [".".join(there) for there in imports(path) if not _allowed(here, there)]

    assert not wrong, f"{'/'.join(here)} must not import {wrong}"


def _allowed(here: tuple[str, ...], there: tuple[str, ...]) -> bool:
    if here[0] == "jobs":
        return True
    if there[0] == "jobs" or len(there) < 2:
        return False
    part, other = here[1] if len(here) > 1 else "", there[1]
    if part == other or part in TOOLS:
        return True
    if part in PLATFORM:
        return other in PLATFORM[part]
    if other in PLATFORM:
        return not (here[-1] in ("operations", "rules") and there[1:3] == ("web", "pages"))
    return part in SLICES and other in SLICES and _left(part, other) and len(there) > 2 and there[2] in SHARED_BY_SLICES


def _left(part: str, other: str) -> bool:
    return SLICES.index(other) < SLICES.index(part)


def test_rules_are_pure() -> None:
    for path in (ROOT / "app").glob("*/rules.py"):
        used = {there[1] for there in imports(path)} - {path.parent.name}
        assert used <= {"values", "settings"}, f"{path} must not import {used}"


def test_a_template_uses_its_own_slice_those_before_it_layouts_and_ui() -> None:
    uses = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
    for path in (ROOT / "templates").rglob("*.*"):
        own = path.relative_to(ROOT / "templates").parts[0]
        for name in uses.findall(path.read_text()):
            first = name.split("/")[0]
            before = own in SLICES and first in SLICES and _left(own, first)
            assert first in (own, "layouts", "ui.html") or before, f"{path} uses {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_a_screenful_or_two(path: Path) -> None:
    assert path.read_text().count("\n") <= 200, "split the slice, not the layer"

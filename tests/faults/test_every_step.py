"""Whoever names a transaction, so that a process may be killed around its commit, also kills it there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.inventory import reservations
from tests.faults import test_kills, test_kills_beside, test_kills_later
from tests.members import test_details, test_erasing, test_joining, test_operations
from tests.orders import test_forgetting

ROOT = Path(__file__).parents[2]
NO_ROW = {
    "erase_moved": "one DELETE of a row that nobody can find any more; its job repeats `erase_shopper` before it",
}


def named_in_code() -> Iterator[str]:
    """Every `step` of a transaction, and those that are chosen by what a reservation becomes."""
    yield from reservations.STEPS.values()
    for path in (path for folder in ("app", "jobs") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "writing":
                yield from (each.value.value for each in node.keywords if each.arg == "step" and _is_text(each.value))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def killed_in_tests() -> set[str]:
    rows = [row[1] for row in (*test_kills.MATRIX, *test_kills_later.MATRIX)]
    steps = [point.removesuffix("_before_commit").removesuffix("_after_commit") for point in rows]
    return {
        *steps,
        *(step for _, step in test_kills_beside.MATRIX),
        *test_erasing.STOPS,
        *test_operations.STOPS,
        *test_details.STOPS,
        *test_joining.STOPS,
        *test_forgetting.STOPS,
    }


def test_every_named_transaction_has_a_row_in_a_matrix() -> None:
    named = set(named_in_code())

    assert sorted(named - killed_in_tests() - NO_ROW.keys()) == []
    assert sorted((killed_in_tests() | NO_ROW.keys()) - named) == [], "no such transaction (any more)"

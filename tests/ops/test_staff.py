from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from app.ops import staff as people
from app.ops import surroundings
from app.ops.commands_data import staff
from app.settings import Settings
from app.values import Refusal

ADA = {"email": "ada@example.org", "name": "Ada", "role": "owner"}


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the commands asked of the shop."""
    asked: list[tuple[Any, ...]] = []

    def noting(name: str) -> Any:
        async def note(shop: Settings, *about: Any) -> list[dict[str, str]]:
            asked.append((name, *about))
            return [ADA]

        return note

    for name in ("add", "listed", "change", "remove"):
        monkeypatch.setattr(people, name, noting(name))
    monkeypatch.setattr(surroundings, "running_shop", Settings)
    return asked


def test_people_are_listed_with_their_roles(done: list[Any]) -> None:
    shown = CliRunner().invoke(staff, ["list"])
    told = CliRunner().invoke(staff, ["list", "--json"])

    assert "ada@example.org" in shown.output and "owner" in shown.output
    assert json.loads(told.output) == [ADA]


def test_a_role_is_given_and_one_that_is_none_is_refused(done: list[Any]) -> None:
    good = CliRunner().invoke(staff, ["change", "ada@example.org", "--role", "orders"])
    bad = CliRunner().invoke(staff, ["change", "ada@example.org", "--role", "queen"])
    added = CliRunner().invoke(
        staff, ["add", "bob@example.org", "--password", "four words in a row", "--role", "reader"]
    )

    assert (good.exit_code, bad.exit_code, added.exit_code) == (0, 2, 0)
    assert done == [
        ("change", "ada@example.org", "orders"),
        ("add", people.Person("bob@example.org", "bob"), "four words in a row", "reader"),
    ]


def test_nobody_is_removed_unasked(done: list[Any]) -> None:
    unasked = CliRunner().invoke(staff, ["remove", "ada@example.org"])
    meant = CliRunner().invoke(staff, ["remove", "ada@example.org", "--yes"])

    assert isinstance(unasked.exception, Refusal) and "--yes" in unasked.exception.say
    assert meant.exit_code == 0 and done == [("remove", "ada@example.org")]

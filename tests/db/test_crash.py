from __future__ import annotations

import pytest

from app.db import crash

POINT = {"VITRINE_TEST_CRASH_AT": "t5_after_commit"}


def test_a_test_may_let_a_process_die() -> None:
    assert crash.wanted(POINT) == "t5_after_commit"
    assert crash.wanted({}) == ""


@pytest.mark.parametrize("more", [{"VITRINE_DEV": "false"}, {"VITRINE_NOBODY_KNOWS": "1"}])
def test_outside_development_there_is_no_such_thing(more: dict[str, str]) -> None:
    assert crash.wanted(POINT | more) == ""


def test_only_the_named_point_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    died: list[str] = []
    monkeypatch.setattr(crash, "AT", "t5_after_commit")
    monkeypatch.setattr(crash, "die", lambda: died.append("here"))

    crash.at("t5", "before_commit")
    crash.at("", "after_commit")
    crash.at("t5", "after_commit")

    assert died == ["here"]

"""What `vitrine test` makes of failures."""

from pathlib import Path

import pytest

from app.ops.proof import ASKED_AGAIN, run_parts

STEADY = "def test_steady():\n    pass\n"
ONCE = """
import pathlib

def test_{name}():
    mark = pathlib.Path("{name}.failed")
    failed_before = mark.exists()
    mark.touch()
    assert failed_before
"""
PARTS = (("-q", "test_first.py"), ("-q", "test_second.py"))


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_first.py").write_text(STEADY)
    (tmp_path / "test_second.py").write_text(STEADY)
    return tmp_path


def test_all_parts_pass(suite: Path) -> None:
    assert run_parts(PARTS, suite) == 0


def test_a_failure_that_passes_alone_is_named_and_forgiven(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (suite / "test_first.py").write_text(ONCE.format(name="crowded"))

    assert run_parts(PARTS, suite) == 0
    assert "passed alone: test_first.py::test_crowded" in capfd.readouterr().out


def test_a_failure_that_stays_is_a_failure(suite: Path) -> None:
    (suite / "test_second.py").write_text(ONCE.format(name="crowded") + "\ndef test_broken():\n    assert False\n")

    assert run_parts(PARTS, suite) == 1


def test_many_failures_are_no_accident(suite: Path) -> None:
    names = [f"crowded_{number}" for number in range(ASKED_AGAIN + 1)]
    (suite / "test_first.py").write_text("".join(ONCE.format(name=name) for name in names))

    assert run_parts(PARTS, suite) == 1


def test_a_part_that_cannot_be_read_is_not_asked_again(suite: Path) -> None:
    (suite / "test_first.py").write_text(ONCE.format(name="crowded"))
    (suite / "test_second.py").write_text("import nothing_of_this_name\n")

    assert run_parts(PARTS, suite) == 2

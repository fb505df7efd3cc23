from __future__ import annotations

import asyncio
import io

import pytest

from app.ops import logs
from app.ops.logs import Console, Log


def heard(tmp_path, *lines: str, verbose: bool = False, hushed: bool = False) -> str:
    """What the console shows of these lines."""
    to = io.StringIO()
    log = Log(tmp_path, "web", Console(to, verbose=verbose))
    log.hushed = hushed
    for line in lines:
        log.hear(line.encode() + b"\n")
    return to.getvalue()


def test_the_console_shows_what_worries_and_the_file_everything(tmp_path):
    shown = heard(tmp_path, "all is well", "ERROR: it is not")

    assert shown == "web      | ERROR: it is not\n"
    assert (tmp_path / "web.log").read_text() == "all is well\nERROR: it is not\n"


def test_verbose_shows_everything(tmp_path):
    assert heard(tmp_path, "all is well", verbose=True) == "web      | all is well\n"


def test_a_process_that_was_told_to_stop_may_complain_quietly(tmp_path):
    assert heard(tmp_path, "Error: Manager got SIGTERM", hushed=True) == ""


def test_redis_fear_for_saves_it_never_makes_is_not_shown(tmp_path):
    assert heard(tmp_path, "# WARNING Memory overcommit must be enabled: vm.overcommit_memory = 1") == ""


@pytest.mark.parametrize("after", ["[INFO] Granian shutdown completed", "[ERROR] Unexpected exit from worker-1", ""])
def test_the_last_telling_line_is_remembered(tmp_path, after):
    log = Log(tmp_path, "web", Console(io.StringIO()))

    for line in ("ModuleNotFoundError: shelves", after):
        log.hear(line.encode() + b"\n")

    assert log.last == "ModuleNotFoundError: shelves"


def test_a_log_never_takes_more_than_twice_its_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MOST", 1000)

    heard(tmp_path, *(f"line {number}" for number in range(1000)))

    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"web.log", "web.log.1"}
    assert max(sizes.values()) <= 1000
    assert "line 999" in (tmp_path / "web.log").read_text()


def test_a_full_disk_is_said_once_and_the_lines_are_still_heard(tmp_path):
    (tmp_path / "web.log").symlink_to("/dev/full")
    shown = heard(tmp_path, "one", "two", "ERROR: three")

    assert shown.count("can't write its log, so lines are lost: [Errno 28]") == 1
    assert shown.endswith("web      | ERROR: three\n")


def test_a_log_that_cannot_be_turned_keeps_its_bound_and_goes_on_when_it_can(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MOST", 10)
    blocking = tmp_path / "web.log.1"
    blocking.mkdir()
    log = Log(tmp_path, "web", Console(io.StringIO()))

    for line in (b"first 1\n", b"second\n", b"third\n"):
        log.hear(line)
    assert log.path.read_text() == "first 1\n"
    blocking.rmdir()
    log.hear(b"fourth\n")

    assert log.path.read_text() == "fourth\n"
    assert blocking.read_text() == "first 1\n"


def test_a_log_goes_on_when_the_new_file_could_not_be_opened_at_first(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MOST", 10)
    log = Log(tmp_path, "web", Console(io.StringIO()))
    log.hear(b"first 1\n")
    log.path.rename(tmp_path / "web.log.1")  # as far as a turn came

    log.hear(b"second\n")

    assert log.path.read_text() == "second\n"


def test_a_terminal_without_the_letter_stops_nobody(tmp_path):
    console = Console(io.TextIOWrapper(io.BytesIO(), encoding="ascii"), verbose=True)

    Log(tmp_path, "web", console).hear("écru\n".encode())

    assert (tmp_path / "web.log").read_text() == "écru\n"


def test_a_terminal_that_went_away_stops_nobody(tmp_path):
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(5, "Input/output error")

    Log(tmp_path, "web", Console(Gone())).say("started")


async def test_a_file_that_a_process_appends_to_stays_bounded_and_keeps_its_last_lines(tmp_path):
    path = tmp_path / "access.log"
    with path.open("ab", buffering=0) as appending:
        appending.write(b"old\n" * 100)
        bounding = asyncio.create_task(logs.keep_bounded(path, most=200))
        while path.stat().st_size:
            await asyncio.sleep(0.05)
        appending.write(b"new\n")
        bounding.cancel()

    assert path.read_bytes() == b"new\n"
    assert path.with_suffix(".log.1").read_bytes() == b"old\n" * 100

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.ops.home import CLONE
from app.ops.logs import Console, Log
from app.ops.processes import mark, started_at
from app.ops.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Program, Supervisor, next_pause


@pytest.fixture
async def supervisor(tmp_path):
    """A supervisor whose console and logs are in a folder; whatever it runs ends with the test."""
    with (tmp_path / "console").open("w") as console:
        made = Supervisor(lambda name: Log(tmp_path, name, Console(console)))
        yield made
        await made.stop()


def a_program(name: str, code: str, folder: Path, **more) -> Program:
    return Program(name=name, argv=(sys.executable, "-c", code), env={"PYTHONUNBUFFERED": "1"}, cwd=folder, **more)


async def until(true, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.02)


SLEEP = "import time; time.sleep(60)"


@pytest.mark.parametrize(
    ("pause", "lived", "expected"),
    [(0.0, 0.0, 0.2), (0.2, 1.0, 0.4), (0.4, 0.0, 0.8), (6.4, 0.0, 10.0), (10.0, 9.9, 10.0), (10.0, 10.0, 0.2)],
)
def test_the_pause_doubles_up_to_ten_seconds_and_starts_over_after_ten_seconds_of_health(pause, lived, expected):
    assert next_pause(pause, lived) == pytest.approx(expected)
    assert FIRST_PAUSE <= next_pause(pause, lived) <= LONGEST_PAUSE


async def test_a_killed_child_starts_again(supervisor, tmp_path):
    child = supervisor.start(a_program("one", SLEEP, tmp_path))
    await until(lambda: child.mark)
    first = child.mark

    os.kill(first.pid, signal.SIGKILL)
    await until(lambda: child.starts == 2 and child.mark)

    assert not first.alive
    assert child.mark.alive
    assert "was killed by SIGKILL; starts again in 0.2 s" in (tmp_path / "console").read_text()


async def test_a_child_that_keeps_failing_is_tried_again_and_again_with_its_last_words(supervisor, tmp_path):
    child = supervisor.start(a_program("one", "raise SystemExit('no such table')", tmp_path))

    await until(lambda: child.starts >= 3)

    said = (tmp_path / "console").read_text()
    assert "ended with status 1 (no such table); starts again in 0.2 s" in said
    assert "starts again in 0.4 s" in said


async def test_what_a_killed_child_left_in_its_group_is_gone_before_the_next_start(supervisor, tmp_path):
    code = f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); print(p.pid); time.sleep(60)"
    child = supervisor.start(a_program("one", code, tmp_path))
    await until(lambda: child.log.last)
    grandchild = mark(int(child.log.last))

    os.kill(child.mark.pid, signal.SIGKILL)
    await until(lambda: child.starts == 2)

    assert not grandchild.alive


async def test_children_stop_in_reverse_order_and_instances_together(supervisor, tmp_path):
    code = "import signal, sys; signal.signal(15, lambda *_: sys.exit()); print('up'); signal.pause()"
    for name in ("first", "web.0", "web.1", "last"):
        supervisor.start(a_program(name, code, tmp_path))
    await until(lambda: all(child.log.last == "up" for child in supervisor.children.values()))
    ended: list[str] = []
    for name, child in supervisor.children.items():
        child.task.add_done_callback(lambda _, name=name: ended.append(name))

    await supervisor.stop()

    assert ended[0] == "last"
    assert set(ended[1:3]) == {"web.0", "web.1"}
    assert ended[3] == "first"


async def test_a_child_that_ignores_term_is_killed(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr("app.ops.supervisor.PATIENCE", 0.3)
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"
    child = supervisor.start(a_program("deaf", code, tmp_path))
    await until(lambda: child.log.last == "up")
    pid = child.mark.pid

    await supervisor.stop()

    assert started_at(pid) is None
    assert "did not stop in 0.3 s and is killed" in (tmp_path / "deaf.log").read_text()


async def test_a_program_that_does_not_exist_is_said_and_tried_again(supervisor, tmp_path):
    supervisor.start(Program(name="ghost", argv=("/no/such/program",), env={}, cwd=tmp_path))

    await until(lambda: "could not start" in (tmp_path / "console").read_text())


@pytest.mark.parametrize("surprise", [OSError(28, "No space left on device"), RuntimeError("surprise")])
async def test_a_surprise_around_a_start_is_said_and_the_process_starts_again(supervisor, tmp_path, surprise):
    surprises, pids = [surprise], []

    def changed():
        pids.append(supervisor.children["one"].mark)
        if surprises:
            raise surprises.pop()

    supervisor.changed = changed
    child = supervisor.start(a_program("one", SLEEP, tmp_path))
    await until(lambda: child.starts == 2 and len(pids) == 2)

    assert not pids[0].alive
    assert pids[1].alive
    said = f"could not be kept running: {type(surprise).__name__}: {surprise}; starts again in 0.2 s"
    assert said in (tmp_path / "console").read_text()


async def test_a_failure_ahead_of_a_start_is_said_and_tried_again(supervisor, tmp_path):
    failures = [OSError(24, "Too many open files")]

    async def before():
        if failures:
            raise failures.pop()

    child = supervisor.start(a_program("one", SLEEP, tmp_path, before=before))
    await until(lambda: child.mark)
    assert "Too many open files; starts again in 0.2 s" in (tmp_path / "console").read_text()


ALONE = """
import asyncio, sys
from pathlib import Path
from app.ops.logs import Console, Log
from app.ops.supervisor import Program, Supervisor

async def main():
    folder = Path(sys.argv[1])
    supervisor = Supervisor(lambda name: Log(folder, name, Console()))
    user = (65534, 65534) if sys.argv[2] == "0" else None
    argv = ("/bin/sh", "-c", "echo up; exec sleep 60")
    child = supervisor.start(Program(name="one", argv=argv, env={}, cwd=Path("/"), user=user))
    while not child.log.last:
        await asyncio.sleep(0.02)
    print(child.mark.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("other_user", [False, True])
def test_children_end_when_the_supervisor_is_killed(tmp_path, other_user):
    if other_user and os.geteuid():
        pytest.skip("only root can run a child as another user")
    tmp_path.chmod(0o755)
    uid = "0" if other_user else "1"
    boss = subprocess.Popen(
        [sys.executable, "-c", ALONE, str(tmp_path), uid], cwd=CLONE, stdout=subprocess.PIPE, text=True
    )
    lines = iter(boss.stdout.readline, "")
    child = mark(next(int(line) for line in lines if line.strip().isdigit()))
    assert child.alive

    boss.kill()
    boss.wait()

    deadline = time.monotonic() + 5
    while child.alive:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    boss.stdout.close()


def test_a_pid_used_again_is_not_taken_for_the_old_process():
    here = mark(os.getpid())

    assert here.alive
    assert not type(here)(here.pid, here.started - 1).alive

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.ops.home import CLONE
from tests.ops.stand_in import short_folder

pytestmark = pytest.mark.slow

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
NOTHING_LISTENS = "http://127.0.0.1:9/simple"
UNREACHABLE = "no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n"


class Launcher:
    """A clone with the real launcher, no packages to install, and a command line that prints its arguments.

    uv is played by a script that notes what it was asked for.
    """

    def __init__(self) -> None:
        self.folder = short_folder()
        shutil.copy2(CLONE / "vitrine", self.folder)
        self.pins = self.folder / "requirements.txt"
        self.pins.write_text("")
        (self.folder / "app").mkdir()
        (self.folder / "bin").mkdir()
        self.program("uv", 'echo "$@" >>"$(dirname "$0")/asked"')
        (self.folder / "app" / "cli.py").write_text("import os, sys\nprint(sys.argv[1:], os.getcwd())\n")

    @property
    def stamp(self) -> Path:
        return self.folder / ".venv" / "vitrine.stamp"

    def start(self, *words: str, user: int | None = None, **env: str) -> subprocess.Popen[str]:
        clean = {
            "PATH": f"{self.folder}/bin:/usr/bin:/bin",
            "HOME": "/",
            "PYTHON": sys.executable if user is None else "/usr/bin/python3",
        }
        return subprocess.Popen(
            [self.folder / "vitrine", *words],
            env=clean | env, user=user, cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str, user: int | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*words, user=user, **env)
        out, err = process.communicate(timeout=100)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def program(self, name: str, script: str) -> str:
        """A shell script that stands in for a program."""
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)


@pytest.fixture
def launcher():
    made = Launcher()
    yield made
    shutil.rmtree(made.folder)


def test_the_first_start_makes_the_environment_and_hands_over(launcher):
    done = launcher.run("status", "two words")

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"['status', 'two words'] {launcher.folder}\n"
    assert "making .venv with" in done.stderr
    asked = (launcher.folder / "bin" / "asked").read_text()
    assert asked == f"pip sync --compile-bytecode --require-hashes {launcher.pins}\n"
    assert str((launcher.folder / ".venv" / "bin" / "vitrine").readlink()) == "../../vitrine"


def test_the_second_start_says_nothing_and_installs_nothing(launcher):
    launcher.run()
    before = launcher.stamp.stat().st_mtime_ns

    began = time.monotonic()
    done = launcher.run("up")

    assert (done.returncode, done.stderr) == (0, "")
    assert launcher.stamp.stat().st_mtime_ns == before
    assert time.monotonic() - began < 5


def test_it_works_through_its_link_in_the_environment(launcher):
    launcher.run()

    done = subprocess.run(
        [launcher.folder / ".venv" / "bin" / "vitrine", "x"], capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("['x']")


def test_changed_pins_are_installed_into_the_same_environment(launcher):
    launcher.run()
    kept = (launcher.folder / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    launcher.pins.write_text("# other pins\n")

    done = launcher.run()

    assert "the environment is ready" in done.stderr
    assert (launcher.folder / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == kept


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.15", "2.7"])
def test_a_wrong_python_is_one_sentence(launcher, version):
    python = launcher.program("python-old", f"echo {version}; exit 1")

    done = launcher.run(PYTHON=python)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Python 3.11 to 3.14 is needed and not here ( {python} is {version},)" in done.stderr
    assert not launcher.stamp.exists()


def test_no_python_at_all_is_one_sentence(launcher):
    done = launcher.run(PYTHON="/no/such/python")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "there is none" in done.stderr


def test_a_python_without_its_venv_module_is_one_sentence_that_says_what_to_install(launcher):
    python = launcher.program("python-bare", f'case "$*" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"')

    done = launcher.run(PYTHON=python, PATH="/usr/bin:/bin")

    assert done.returncode == 2
    assert "apt-get install python3-venv" in done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_no_network_is_a_sentence_and_the_next_start_tries_again(launcher):
    launcher.pins.write_text(UNREACHABLE)
    offline = {"PIP_INDEX_URL": NOTHING_LISTENS, "UV_DEFAULT_INDEX": NOTHING_LISTENS, "PIP_CONFIG_FILE": "/dev/null"}
    offline["PATH"] = "/usr/bin:/bin"

    done = launcher.run(**offline)
    again = launcher.run(**offline)
    launcher.pins.write_text("")
    after = launcher.run("up")

    assert done.returncode == again.returncode == 2
    assert "could not be installed (is there a network?)" in done.stderr.splitlines()[-1]
    assert "could not be installed" in again.stderr
    assert (after.returncode, after.stdout[:6]) == (0, "['up']")


@as_root
def test_an_unwritable_folder_is_one_sentence(launcher):
    done = launcher.run(user=65534)

    assert done.returncode == 2
    assert (
        done.stderr
        == f"vitrine: {launcher.folder} can't be written to, and the environment belongs in {launcher.folder}/.venv\n"
    )


@pytest.mark.slow
def test_without_uv_the_pinned_one_is_asked_for_and_pip_does_what_it_can_not(launcher):
    done = launcher.run("up", PATH="/usr/bin:/bin")

    assert (done.returncode, done.stdout[:6]) == (0, "['up']")
    assert done.stderr.index("installing uv") < done.stderr.index("uv could not do it, trying pip")


def test_two_starts_at_once_make_one_environment(launcher):
    both = [launcher.start(word) for word in ("one", "two")]
    said = [process.communicate(timeout=100) for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert [out[:7] for out, _ in said] == ["['one']", "['two']"]
    assert sum("making .venv" in err for _, err in said) == 1


def test_a_start_that_was_killed_half_way_is_not_taken_for_good(launcher):
    (launcher.folder / ".venv" / "bin").mkdir(parents=True)
    (launcher.folder / ".venv" / "bin" / "python").write_text("")
    (launcher.folder / ".venv" / ".start").symlink_to("999999999")

    done = launcher.run("up")

    assert (done.returncode, done.stdout[:6]) == (0, "['up']")
    assert not (launcher.folder / ".venv" / ".start").is_symlink()

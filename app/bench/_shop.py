"""A shop of its own for a benchmark: `vitrine up` in a new folder on free ports, gone afterwards; and what it costs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from app.ops import postgres, state
from app.ops.home import CLONE, Home
from app.settings import Settings, read_settings, settings
from app.values import Refusal

TICKS = os.sysconf("SC_CLK_TCK")
PORTS = ("port", "admin_port", "purge_port", "mail_port", "web_port")


class Shop(msgspec.Struct, frozen=True):
    """A running shop and its settings."""

    home: Home
    now: Settings

    def pids(self) -> Mapping[str, int]:
        """Its living processes by name."""
        found = state.running(self.home)
        return {name: mark.pid for name, mark in found.children.items() if mark.alive} if found else {}

    def cpu_ms(self) -> dict[str, float]:
        """Milliseconds of processor time so far: of its web instances, of PostgreSQL, and of the rest."""
        spent = dict.fromkeys(("web", "postgres", "rest"), 0.0)
        for name, pid in self.pids().items():
            part = name.split(".")[0]
            spent[part if part in spent else "rest"] += _cpu_ms(pid)
        return spent

    def program(self, name: str) -> str:
        """One of PostgreSQL's programs."""
        return str(postgres.binaries(self.home) / name)


@contextmanager
def a_shop(**given: str) -> Iterator[Shop]:
    """Runs without an edge, with the demo catalogue; `given` are settings. Raises Refusal when it does not start."""
    home = Home(Path(tempfile.mkdtemp(prefix="vb-", dir="/var/tmp")))
    home.root.chmod(0o755)
    ports = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
    wanted = {"home": home.root, "edge": "false"} | ports | given
    outside = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
    env = outside | {f"VITRINE_{name.upper()}": str(value) for name, value in wanted.items()}
    try:
        _vitrine(env, "up", "--detach")
        for name in os.environ.keys() - outside.keys():  # a running shop says only what differs from the defaults
            del os.environ[name]
        os.environ.update(state.running_env(home))
        settings.cache_clear()
        yield Shop(home, read_settings(os.environ))
    finally:
        _vitrine(env, "down")
        shutil.rmtree(home.root, ignore_errors=True)


def _vitrine(env: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "app.cli", *arguments]
    done = subprocess.run(command, cwd=CLONE, env=dict(env), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise Refusal(f"vitrine {arguments[0]} failed: {(done.stderr or done.stdout).strip()}")


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, below those the kernel gives to connections."""
    found: list[int] = []
    for port in range(20000 + os.getpid() % 10000, 32000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
        if len(found) == count:
            return found
    raise Refusal("There are no free ports.")


def _cpu_ms(pid: int) -> float:
    """Of a process and of all below it, those that have ended included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        below = [
            int(each)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for each in (task / "children").read_text().split()
        ]
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) * 1000 / TICKS + sum(map(_cpu_ms, below))

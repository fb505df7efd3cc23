"""A whole running shop for tests: `vitrine up` in a folder of its own, on free ports, stopped at the end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from app.ops import state
from app.ops.home import Home
from app.ops.mailbox import letters

ROOT = Path(__file__).parents[1]
PORTS = ("port", "admin_port", "purge_port", "mail_port")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def free_run(length: int) -> int:
    """The first of `length` neighbouring free ports."""
    for start in range(21000 + os.getpid() % 5000, 32000, length):
        try:
            for port in range(start, start + length):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return start
    raise RuntimeError("no free ports")


class Stack:
    """One running shop. `env` is what its commands need; `url` and `admin_url` have no slash at the end."""

    def __init__(self, *arguments: str, edge: bool = True, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="vs-", dir="/var/tmp"))
        self.home.chmod(0o755)
        ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True)) | {"web_port": free_run(4)}
        self.ports = ports
        kept = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
        given = {f"VITRINE_{name.upper()}": str(value) for name, value in (ports | settings).items()}
        self.env = kept | given | {"VITRINE_HOME": str(self.home)}
        self.url = f"http://localhost:{ports['port']}"
        self.admin_url = f"http://localhost:{ports['admin_port']}"
        flags = () if edge else ("--no-edge",)
        done = self.run("up", "--detach", *flags, *arguments, timeout=240)
        if done.returncode:
            self.stop()
            raise RuntimeError(f"vitrine up failed:\n{done.stdout}\n{done.stderr}\n{self.logs()}")

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Runs a vitrine command against this shop."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("status", "--json").stdout)

    def pids(self) -> dict[str, int]:
        """The living processes by name; read as commands read it, since who asks often would start one each time."""
        found = state.running(Home(self.home))
        return {name: mark.pid for name, mark in found.children.items() if mark.alive} if found else {}

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Sends a signal to one process. Returns its pid."""
        pid = self.pids()[name]
        os.kill(pid, number)
        return pid

    def variables(self) -> dict[str, str]:
        """The settings its processes run with."""
        return json.loads((self.home / "state.json").read_text())["env"]

    @property
    def dsn(self) -> str:
        return self.variables()["VITRINE_SHARED_DSN"]

    def mails(self) -> list[dict[str, Any]]:
        """Every mail the sink took, newest first."""
        return [letter.head() for letter in letters(Home(self.home).mail)]

    def logs(self) -> str:
        """The ends of all logs, for a failed test's report."""
        files = sorted((self.home / "log").glob("*.log"))
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-1500:]}" for file in files)

    def client(self, **more: Any) -> httpx.Client:
        """A browser without JavaScript: keeps cookies, sends forms from our own pages."""
        return httpx.Client(base_url=self.url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=20, **more)

    def stop(self) -> None:
        self.run("down", timeout=60)
        shutil.rmtree(self.home, ignore_errors=True)


def eventually(check: Any, *, within: float, every: float = 0.05) -> Any:
    """The first true answer of `check`. Raises AssertionError with the last answer after `within` seconds."""
    until = time.monotonic() + within
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < until, f"not within {within} s: {answer!r}"
        time.sleep(every)

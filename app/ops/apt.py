"""System packages on Debian and Ubuntu: installed when root may, explained when not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")  # asked by every package before it starts a service; 101 means no


def how(packages: Sequence[str]) -> str:
    """The command a person would type."""
    return f"apt-get install --no-install-recommends {' '.join(packages)}"


def possible() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str], say: Callable[[str], None]) -> bool:
    """The packages are there, and no service of theirs was started. False when apt could not do it."""
    if not possible():
        return False
    say(f"Installing {' '.join(packages)} ({how(packages)})")
    with _services_off():
        return _install(packages) or (_update() and _install(packages))


def _install(packages: Sequence[str]) -> bool:
    return _apt("install", "-y", "--no-install-recommends", *packages)


def _update() -> bool:
    return _apt("update")


def _apt(*words: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *words]
    return subprocess.run(command, env=quiet, capture_output=True, check=False).returncode == 0


@contextmanager
def _services_off() -> Iterator[None]:
    """While packages are installed, none of their services starts; afterwards the system decides as before."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)

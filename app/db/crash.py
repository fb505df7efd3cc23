"""Where a test lets a process die: before or after the commit of a named transaction, `kill -9` from within.

`VITRINE_TEST_CRASH_AT=t5_after_commit` in a development shop's environment; anywhere else there is no such thing.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

from app.settings import BadSetting, read_settings


def wanted(environ: Mapping[str, str]) -> str:
    """The point to die at; always none outside development."""
    try:
        dev = read_settings(environ).dev
    except BadSetting:  # is told by whoever starts the process
        return ""
    return environ.get("VITRINE_TEST_CRASH_AT", "") if dev else ""


AT = wanted(os.environ)


def at(step: str, when: str) -> None:
    """Ends this process here, if a test has named this point."""
    if AT and step and f"{step}_{when}" == AT:
        die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

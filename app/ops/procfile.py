"""Reads a Procfile: `name: command` lines with $VARIABLES, which are filled in without a shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from string import Template

from app.values import Refusal

LINE = re.compile(r"(?P<name>[a-z][a-z0-9_-]*)\s*:\s*(?P<command>\S.*)")


class BadProcfile(Refusal):
    """A line that is not `name: command`, or a variable nobody has given."""

    status = 2


def parse(text: str) -> dict[str, str]:
    """Commands by process name, in the order of the file. Raises BadProcfile."""
    commands: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        if found is None:
            raise BadProcfile(f"Procfile line {number} is not `name: command`: {line.strip()}")
        if found["name"] in commands:
            raise BadProcfile(f"Procfile line {number} names {found['name']} a second time.")
        commands[found["name"]] = found["command"]
    return commands


def read(path: Path) -> dict[str, str]:
    return parse(path.read_text(encoding="utf-8"))


def words(command: str, variables: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a command, variables filled in after splitting, so a value with spaces stays one word."""
    try:
        return tuple(Template(word).substitute(variables) for word in shlex.split(command))
    except KeyError as missing:
        raise BadProcfile(f"The Procfile asks for ${missing.args[0]}, which is not set: {command}") from None
    except ValueError as wrong:
        raise BadProcfile(f"The Procfile has a command that can't be read ({wrong}): {command}") from None

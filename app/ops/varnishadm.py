"""The command line of the varnishd that runs here: which rules it has loaded, how its backends are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec

from app.values import Refusal

PATIENCE = 60  # seconds; compiling takes 1 to 5 on a busy machine, and varnishadm's own patience is 5


class NoEdge(Refusal):
    """No varnishd of this shop runs on this machine."""

    status = 2


class Refused(Exception):
    """varnishd says no; the message holds its words."""


class Loaded(msgspec.Struct, frozen=True):
    """One set of rules in varnishd. `status`: active, available, discarded."""

    name: str
    status: str


class Backend(msgspec.Struct, frozen=True):
    """One web instance as the rules `vcl` see it."""

    vcl: str
    name: str
    healthy: bool


class Varnishd:
    """The one whose working folder is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, *words: str) -> str:
        """Its answer to one command. Raises Refused with its words, NoEdge when there is nobody to ask."""
        if not shutil.which("varnishadm") or not (self.folder / "_.vsm_mgt").exists():
            raise NoEdge("No edge of this shop runs on this machine.")
        argv = ["varnishadm", "-t", str(PATIENCE), "-n", str(self.folder), *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if "Could not get hold of varnishd" in done.stderr:
            raise NoEdge("The edge of this shop does not run.")
        if done.returncode:
            raise Refused((done.stdout + done.stderr).strip())
        return done.stdout

    def rules(self) -> list[Loaded]:
        """What is loaded, oldest first, without what is on its way out."""
        found = [msgspec.convert(one, Loaded) for one in self._list("vcl.list", "-j")]
        return [one for one in found if one.status in ("active", "available")]

    @property
    def active(self) -> str:
        """The name of the rules it works by."""
        return next(one.name for one in self.rules() if one.status == "active")

    def backends(self, rules: str) -> list[Backend]:
        """The instances behind these rules, as their probes found them."""
        (listed,) = self._list("backend.list", "-j", f"{rules}.*")
        return [
            Backend(vcl=rules, name=name.partition(".")[2], healthy="healthy" in str(about["probe_message"]))
            for name, about in listed.items()
            if about["type"] == "backend"
        ]

    def _list(self, *words: str) -> list[Any]:
        """A JSON answer without its first three parts: version, command, time."""
        return msgspec.json.decode(self.ask(*words))[3:]

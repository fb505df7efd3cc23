"""Runs the `.vtc` of a rule, against the rules as they are rendered or with one of them doing nothing.

As long as the configuration is the same, all cases are one text, and so are all mutants: each is compiled once (`kept_cc`).
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from queue import SimpleQueue

import msgspec

from app.edge.vcl import EdgeBackend, EdgeConfig, render
from tests.edge import varnish

SIDE_BY_SIDE = 3  # a case mostly waits
# A loopback address of this process's own: its ports are free, whatever else runs, and the same for each case.
ADDRESS = "127.{}.{}.86".format(*divmod(os.getpid() % 65_000 + 255, 255))
LEFT_OUT = "VITRINE_TEST_LEFT_OUT"
# What a case says when it finds something else than it expects.
DISAGREES = re.compile(r"^----(?!.*(?:timeout|TIMED OUT))", re.M)


class Result(msgspec.Struct, frozen=True):
    """How a case ended: 0 when it holds, 2 when it does not; `said` is its log."""

    status: int
    said: str


class Cases(AbstractContextManager["Cases"]):
    """Many cases, a few at a time, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: SimpleQueue[int] = SimpleQueue()
        for place in range(SIDE_BY_SIDE):
            self.places.put(place)
        self.threads = ThreadPoolExecutor(SIDE_BY_SIDE)

    def begin(self, run: Callable[..., Result], names: Iterable[str]) -> dict[str, Future[Result]]:
        """`run` of each, under way."""
        return {name: self.threads.submit(self._placed, run, name) for name in names}

    def _placed(self, run: Callable[..., Result], name: str) -> Result:
        place = self.places.get()
        try:
            return run(self.folder, name, place)
        finally:
            self.places.put(place)

    def __exit__(self, *_: object) -> None:
        self.threads.shutdown(cancel_futures=True)


def run_whole(folder: Path, name: str, place: int) -> Result:
    """A case against the rules as they are rendered."""
    return _run(folder, name, place, seconds=30)


def run_without(folder: Path, rule: str, place: int) -> Result:
    """The case of a rule while that does nothing. Where it only ran out of time, once more with all the time there is."""
    soon = _run(folder, rule, place, seconds=9, leave_out=rule)
    return (
        soon
        if soon.status == 0 or DISAGREES.search(soon.said)
        else _run(folder, rule, place, seconds=30, leave_out=rule)
    )


def _run(folder: Path, name: str, place: int, *, seconds: int, leave_out: str = "") -> Result:
    """One run of varnishtest. A case's first line may say `# with: name=value`, changing the configuration."""
    case = varnish.RULES / f"{name}.vtc"
    vcl = render(_configured(case, place))
    rules = _compiled(folder, with_switches(vcl) if leave_out else vcl)
    macros = {
        "edge": shlex.join(["-j", "none", "-f", str(rules), "-a", "purge=127.0.0.1:0", *_quick(folder), *varnish.arguments()]),
        "web0": f"{ADDRESS} {_port(place, 0)}",
        "web1": f"{ADDRESS} {_port(place, 1)}",
        "rules": str(rules),
        "sid": varnish.SID,
        "another_sid": varnish.ANOTHER_SID,
    }  # fmt: skip
    defined = [part for name, value in macros.items() for part in ("-D", f"{name}={value}")]
    command = ["varnishtest", "-t", str(seconds), *defined, str(case)]
    environment = os.environ | {LEFT_OUT: leave_out}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    return Result(ended.returncode, ended.stdout)


def _configured(case: Path, place: int) -> EdgeConfig:
    line = case.read_text().partition("\n")[0]
    changes = dict(word.split("=") for word in re.findall(r"\S+=\S+", line if line.startswith("# with:") else ""))
    count = int(changes.pop("backends", "1"))
    backends = tuple(EdgeBackend(f"web{n}", ADDRESS, _port(place, n)) for n in range(count))
    known = {field.name: field.type for field in msgspec.structs.fields(EdgeConfig)}
    kinds = {name: msgspec.convert(value, known[name], strict=False) for name, value in changes.items()}
    return msgspec.structs.replace(varnish.CONFIG, backends=backends, **kinds)


def _port(place: int, instance: int) -> int:
    return 8100 + 2 * place + instance


def _quick(folder: Path) -> list[str]:
    return ["-p", f"cc_command=exec {Path(__file__).parent / 'kept_cc'} {folder} %s %o", "-p", "vcc_err_unref=off"]


def with_switches(vcl: str) -> str:
    """The rules, each of which does nothing when the environment names it."""
    switched = rf'sub \1 {{\nif (std.getenv("{LEFT_OUT}") != "\1") {{\n\2}}\n}}'
    return re.sub(r"^sub (?!vcl_)(\w+) \{\n(.*?)^\}$", switched, vcl, flags=re.M | re.S)


def _compiled(folder: Path, vcl: str) -> Path:
    """The text as a file named by it, since what gcc is given holds that name; compiled ahead, however long it takes."""
    path = folder / f"{hashlib.blake2s(vcl.encode(), digest_size=8).hexdigest()}.vcl"
    if not path.exists():
        path.write_text(vcl)
        command = ["varnishd", "-C", "-j", "none", "-f", str(path), *_quick(folder), *varnish.arguments()]
        subprocess.run(command, capture_output=True, check=False, cwd=folder)  # what is wrong, the case will tell
    return path

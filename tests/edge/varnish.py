"""Rendered rules under a real Varnish: free ports, a configuration for tests, varnishtest and varnishd."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import time
from contextlib import suppress
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec

from app.edge.vcl import EdgeBackend, EdgeConfig, EdgeHole, EdgeRoute, render

ROOT = Path(__file__).parents[2]
RULES = ROOT / "edge" / "varnish"
# Compiling is most of a case's time, and nothing here measures speed.
QUICK = ["-p", "cc_command=exec gcc -O0 -fPIC -w -shared -o %o %s", "-p", "vcc_err_unref=off"]
SID = "7K" + "a" * 43
ANOTHER_SID = "7K" + "b" * 43
CONFIG = EdgeConfig(
    backends=(),
    hosts=("localhost:8080", "127.0.0.1"),
    sid="sid_8080",
    pv="pv_8080",
    cc="cc_8080",
    known="known_8080",
    shop_name="Larkfield & Sons",
    stylesheet="/static/0/app.css",
    routes=(
        EdgeRoute("/c/[^?]+", ("page", "sort")),
        EdgeRoute("/p/[^/?]+", ("o_*",)),
        EdgeRoute("/search", ("q", "page")),
        EdgeRoute("/_f/suggest", ("q",)),
    ),
    holes=(
        EdgeHole("badge", "value", '<a href="/cart">Cart</a>'),
        EdgeHole("account", "visitor", '<a href="/account">Account</a>'),
        EdgeHole("greeting", "pass", "Welcome"),
    ),
    markets=("de",),
    probe_seconds=None,
)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on right now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def config(ports: list[int], **changes: Any) -> EdgeConfig:
    """The test configuration with one backend for each port."""
    backends = tuple(EdgeBackend(f"web{n}", "127.0.0.1", port) for n, port in enumerate(ports))
    return msgspec.structs.replace(CONFIG, backends=backends, **changes)


def without_rule(vcl: str, rule: str) -> str:
    """The rules with one of them doing nothing."""
    emptied, count = re.subn(rf"^sub {rule} \{{\n.*?^\}}$", f"sub {rule} {{\n}}", vcl, flags=re.M | re.S)
    assert count == 1, f"{rule} is there {count} times"
    return emptied


class Answered(NamedTuple):
    status: int
    reason: str
    headers: dict[str, str]
    text: str


class Varnish:
    """A running varnishd with two listeners, `shop` and `purge`; use it as a context."""

    def __init__(self, folder: Path, vcl: str, ports: list[int] | None = None) -> None:
        self.port, self.purge_port = ports or free_ports(2)
        self.folder = folder
        folder.mkdir(exist_ok=True)
        path = folder / "edge.vcl"
        path.write_text(vcl)
        listeners = ["-a", f"shop=127.0.0.1:{self.port}", "-a", f"purge=127.0.0.1:{self.purge_port}"]
        command = ["varnishd", "-F", "-j", "none", "-n", str(folder / "work"), "-f", str(path)]
        self.command = [*command, *listeners, *QUICK, *arguments()]

    @property
    def purge_url(self) -> str:
        return f"http://127.0.0.1:{self.purge_port}"

    def __enter__(self) -> Self:
        self.log = (self.folder / "varnishd.log").open("w")
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log)
        for _ in range(400):  # a busy machine compiles slowly
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return self
            time.sleep(0.1)
        self.__exit__()
        raise AssertionError((self.folder / "varnishd.log").read_text())

    def ask(self, method: str, path: str, *, purge: bool = False, **headers: str) -> Answered:
        """One request on a connection of its own. Header names take `_` for `-`."""
        connection = HTTPConnection("127.0.0.1", self.purge_port if purge else self.port, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": "localhost:8080", **sent})
            answer = connection.getresponse()
            return Answered(answer.status, answer.reason, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()

    def cli(self, *words: str) -> str:
        """What varnishd's own command line answers. Raises CalledProcessError."""
        command = ["varnishadm", "-t", "60", "-n", str(self.folder / "work"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Edge(Varnish):
    """One with the rules for `ports`."""

    def __init__(self, folder: Path, ports: list[int], **changes: Any) -> None:
        super().__init__(folder, render(config(ports, **changes)))


class Pop(Varnish):
    """One in front of an edge, as a CDN's."""

    def __init__(self, folder: Path, shield: int, ports: list[int] | None = None) -> None:
        vcl = (Path(__file__).parent / "pop.vcl").read_text()
        super().__init__(folder, vcl.replace("SHIELD_HOST", "127.0.0.1").replace("SHIELD_PORT", str(shield)), ports)


def arguments() -> list[str]:
    """Stores and limits, from the one place that says how the shop starts its edge; but of its log everything."""
    line = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("edge:"))
    words = shlex.split(line)
    return [part for flag, value in pairwise(words) if _counts(flag, value) for part in (flag, value)]


def _counts(flag: str, value: str) -> bool:
    return flag in ("-s", "-p") and not value.startswith("vsl_mask=")

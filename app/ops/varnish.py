"""The edge on this machine: varnishd of the system's packages, which are installed when that can be done."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from app.ops import apt, procfile
from app.ops.home import CLONE
from app.ops.postgres import environment
from app.values import Refusal

PACKAGES = ("varnish", "varnish-modules")
SERVICES = ("varnish.service", "varnishncsa.service")
XKEY = ("/usr/lib/*/varnish/vmods/libvmod_xkey.so", "/usr/lib*/varnish/vmods/libvmod_xkey.so",
        "/usr/local/lib/varnish/vmods/libvmod_xkey.so")  # fmt: skip
LOWEST_OPEN_PORT = 1024


def found() -> str | None:
    """varnishd, if it and the module for purging by tag are both there."""
    program = shutil.which("varnishd", path=environment()["PATH"])
    modules = any(any(Path("/").glob(pattern.lstrip("/"))) for pattern in XKEY)
    return program if program and modules else None


def ensure(say: Callable[[str], None]) -> str | None:
    """varnishd, installed first when root may; None, saying how to get it, when it can't be had."""
    if program := found():
        return program
    if apt.install(PACKAGES, say):
        _keep_service_off()
        if program := found():
            return program
    say(f"There is no Varnish here, so the shop runs without an edge. To have one: {apt.how(PACKAGES)} (as root)")
    return None


def _keep_service_off() -> None:
    """The packages enable a Varnish of their own at boot; this shop runs its own."""
    if shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", *SERVICES], capture_output=True, check=False)
    elif shutil.which("update-rc.d"):
        subprocess.run(["update-rc.d", "varnish", "disable"], capture_output=True, check=False)


def privileged(argv: tuple[str, ...], port: int, owner: tuple[int, int] | None) -> tuple[str, ...]:
    """The command as root must start it for a port below 1024: as `owner`, with the one right it needs.

    varnishd's own jail changes its user, which cuts the tie that ends it with its supervisor.
    """
    if owner is None or port >= LOWEST_OPEN_PORT:
        return argv
    right = "+net_bind_service"
    drop = (f"--reuid={owner[0]}", f"--regid={owner[1]}", "--clear-groups")
    return ("setpriv", *drop, "--inh-caps", right, "--ambient-caps", right, "--pdeathsig", "TERM", *argv)


class BadVcl(Refusal):
    """varnishd refuses the VCL, or there is no varnishd; `say` holds its words."""

    status = 1


def compiles(vcl: str) -> None:
    """varnishd accepts the VCL. Raises BadVcl."""
    program = found()
    if program is None:
        raise BadVcl(f"There is no varnishd to compile the VCL with: {apt.how(PACKAGES)} (as root)")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the compiler runs as varnishd's own user
        path = Path(folder, "vitrine.vcl")
        path.write_text(vcl, encoding="utf-8")
        done = subprocess.run(
            [program, "-C", "-f", path, "-n", f"{folder}/run", *_shape()], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise BadVcl(f"The VCL does not compile:\n{done.stderr.strip()}")


def _shape() -> list[str]:
    """Storage and parameters of the Procfile's edge, which the VCL may name."""
    words = shlex.split(procfile.read(CLONE / "Procfile")["edge"])
    pairs = pairwise(words)
    return [word for name, value in pairs if name in ("-s", "-p") for word in (name, value)]

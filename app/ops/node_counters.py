"""What the varnishd on this machine counts: objects, storage, backends, and pages that set a cookie."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import msgspec

from app.ops.node import Here
from app.ops.varnishadm import Backend, NoEdge, Refused, Varnishd

PATIENCE = 10  # seconds for one look


class Store(msgspec.Struct, frozen=True):
    """Bytes of one store."""

    name: str
    used: int
    size: int


class Counters(msgspec.Struct, frozen=True, kw_only=True):
    """`evicted`: kept objects that made room for others since the start. `cookies`: pages that set a cookie, in the log's memory."""

    objects: int
    evicted: int
    stores: list[Store]
    backends: list[Backend]
    cookies: int
    cookie_on: str = ""


def counters(here: Here) -> Counters | None:
    """None when the varnishd does not answer."""
    try:
        varnishd = Varnishd(here.folder)
        backends = varnishd.backends(varnishd.active)
        counted = _counted(here.folder)
    except (NoEdge, Refused, subprocess.SubprocessError, msgspec.DecodeError):
        return None
    cookies = _cookies(here.folder)
    return Counters(
        objects=counted["MAIN.n_object"],
        evicted=counted["MAIN.n_lru_nuked"],
        stores=[_store(name, counted) for name in ("default", "priv", "Transient")],
        backends=backends,
        cookies=len(cookies),
        cookie_on=cookies[-1] if cookies else "",
    )


def _store(name: str, counted: dict[str, int]) -> Store:
    used = counted.get(f"SMA.{name}.g_bytes", 0)
    return Store(name, used, used + counted.get(f"SMA.{name}.g_space", 0))


def _counted(folder: Path) -> dict[str, int]:
    text = _run("varnishstat", "-n", str(folder), "-j", "-f", "MAIN.n_*", "-f", "SMA.*")
    return {name: about["value"] for name, about in msgspec.json.decode(text)["counters"].items()}


def _cookies(folder: Path) -> list[str]:
    """Addresses of pages whose answer set a cookie, from the last 32 MB of Varnish's log."""
    query = 'VCL_Log ~ "^vitrine: cookie on "'
    text = _run("varnishlog", "-n", str(folder), "-d", "-g", "raw", "-I", "VCL_Log:cookie on", "-q", query)
    return re.findall(r"vitrine: cookie on (\S+)", text)


def _run(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=PATIENCE)
    return done.stdout

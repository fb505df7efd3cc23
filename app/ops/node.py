"""The edge node that `up` runs on this machine."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from app.ops import state
from app.ops.home import Home
from app.settings import Settings


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """The node on this machine: its working folder, the file it starts from, both listeners, a Host it answers to."""

    folder: Path
    vcl: Path
    node: str
    shop: str
    host: str


def local_node(shop: Settings, home: Home) -> Here | None:
    """The node that `up` runs on this machine, if it does."""
    found = state.running(home)
    if found is None or "edge" not in found.children:
        return None
    host = "127.0.0.1" if shop.host in ("0.0.0.0", "::", "localhost") else shop.host  # noqa: S104
    return Here(
        folder=home.varnish,
        vcl=home.vcl,
        node=f"http://127.0.0.1:{shop.purge_port}",
        shop=f"http://{host}:{shop.port}",
        host=urlsplit(shop.public_origin).netloc,
    )

"""A real edge node in front of a small origin, and the command line of a shop that has it for its only node."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from app.cli import main
from app.edge.vcl import config_of, render
from app.main import edge_routes
from app.settings import settings
from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin

HOLES = {"Surrogate-Control": 'content="ESI/1.0"', "X-Vitrine-Holes": "account badge"}


def answer(asked: Asked) -> Answer:
    """A shop of which everything may be kept but /gone and what is private."""
    if asked.path.startswith(("/cart", "/healthz")):
        return Answer("yours", {})
    if asked.path == "/sitemap.xml":
        part = "<sitemap><loc>http://localhost:8080/sitemap/products-1.xml</loc></sitemap>"
        return Answer(f"<sitemapindex>{part}</sitemapindex>", KEPT | {"Content-Type": "application/xml"})
    if asked.path == "/sitemap/products-1.xml":
        urls = "".join(f"<url><loc>http://localhost:8080/p/{n}</loc></url>" for n in range(3))
        return Answer(f"<urlset>{urls}</urlset>", KEPT | {"Content-Type": "application/xml"})
    if asked.headers.get("x-vitrine-form") == "personal":
        return Answer("<html></html>", KEPT | HOLES | {"xkey": "m1 all"})
    return Answer("a page " * 100, KEPT | {"xkey": "m1 all", "ETag": '"a"'}, 500 if "broken" in asked.path else 200)


class EdgeShop:
    """`edge` has the rules of the app's own routes; `url` is its purge listener."""

    def __init__(self, edge: varnish.Varnish, origin: Origin) -> None:
        self.edge, self.origin = edge, origin
        self.url = f"http://127.0.0.1:{edge.purge_port}"

    def vitrine(self, *words: str, **env: str) -> Result:
        """`./vitrine edge ...`, in this process."""
        kept = {key: None for key in os.environ if key.startswith("VITRINE_")}
        given = {"VITRINE_EDGE_NODES": self.url, "VITRINE_HOME": str(self.edge.folder / "home")}
        settings.cache_clear()
        try:
            return CliRunner().invoke(main, ["edge", *words], env=kept | given | env)
        finally:
            settings.cache_clear()


@contextmanager
def an_edge_shop(folder: Path, **about: Any) -> Iterator[EdgeShop]:
    """Runs as long as the context, with the rules of the whole app."""
    [port] = varnish.free_ports(1)
    backends = varnish.config([port]).backends
    text = render(config_of(settings(), edge_routes(), backends=backends, probe_seconds=None, **about))
    with Origin(port, answer) as origin, varnish.Varnish(folder, text) as edge:
        yield EdgeShop(edge, origin)

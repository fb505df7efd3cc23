"""Request limits through a real Varnish: one greedy client, and everybody else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin

pytestmark = pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")

GREEDY, OTHER = "192.0.2.1", "192.0.2.2"


def shop(asked: Asked) -> Answer:
    return Answer(f"[{asked.path}]", {} if asked.path.startswith("/cart") else KEPT)


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[varnish.Edge]:
    [port] = varnish.free_ports(1)
    limits = {"client_header": "X-Client", "limit_fetches": 20, "limit_searches": 5, "limit_posts": 5}
    with Origin(port, shop), varnish.Edge(tmp_path_factory.mktemp("edge"), [port], **limits) as running:
        yield running


def statuses(edge: varnish.Edge, method: str, paths: list[str], client: str, **more: str) -> list[int]:
    return [edge.ask(method, path, X_Client=client, **more).status for path in paths]


def test_greedy_reader_still_gets_kept_pages_and_nobody_else_notices(edge: varnish.Edge) -> None:
    edge.ask("GET", "/p/kept", X_Client=OTHER)

    greedy = statuses(edge, "GET", [f"/p/{n}" for n in range(30)], GREEDY)
    kept = statuses(edge, "GET", ["/p/kept"] * 30, GREEDY)
    other = statuses(edge, "GET", ["/p/29", "/cart"], OTHER)

    assert (greedy[:20], greedy[20:]) == ([200] * 20, [429] * 10)
    assert kept == [200] * 30
    assert other == [200, 200]


def test_header_that_nobody_configured_hides_nobody(edge: varnish.Edge) -> None:
    spoofed = [
        edge.ask("GET", f"/p/spoof-{n}", X_Client="192.0.2.3", X_Forwarded_For=f"198.51.100.{n}").status
        for n in range(25)
    ]

    assert spoofed[20:] == [429] * 5


def test_searches_and_posts_have_limits_of_their_own(edge: varnish.Edge) -> None:
    searches = statuses(edge, "GET", [f"/search?q={n}" for n in range(7)], "192.0.2.4")
    posts = statuses(edge, "POST", ["/cart/lines"] * 7, "192.0.2.4", Content_Length="0")

    assert searches == posts == [200] * 5 + [429] * 2


def test_refusal_is_polite_private_and_fits_htmx(edge: varnish.Edge) -> None:
    statuses(edge, "POST", ["/cart/lines"] * 5, "192.0.2.5", Content_Length="0")

    page = edge.ask("POST", "/cart/lines", X_Client="192.0.2.5", Content_Length="0")
    piece = edge.ask("POST", "/cart/lines", X_Client="192.0.2.5", Content_Length="0", HX_Request="true")

    assert (page.status, page.headers["Retry-After"], page.headers["Cache-Control"]) == (429, "10", "private, no-store")
    assert "A little slower" in page.text and "<link" in page.text
    assert (piece.headers["HX-Retarget"], piece.headers["HX-Reselect"]) == ("#alerts", ".toast")
    assert "<html" not in piece.text

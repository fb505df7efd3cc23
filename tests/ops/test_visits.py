"""The access log: what varnishncsa writes of a real edge, and what is made of it."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.ops import procfile, visits
from app.ops.home import CLONE
from app.ops.visits import Visit
from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin
from tests.stack import eventually

ROUTES = [
    SimpleNamespace(path="/", kind="page", query=(), tier="", neutral=""),
    SimpleNamespace(path="/p/{slug:str}", kind="page", query=("o_*",), tier="", neutral=""),
    SimpleNamespace(path="/cart", kind="private", query=(), tier="", neutral=""),
]


def a_line(cache: str = "vitrine; hit; ttl=9", note: str = "page/anonymous /p/pot", status: int = 200) -> str:
    return f"1764000000123\tGET\t{status}\t5120\t0.000250\t{cache}\t{note}"


def a_visit(**about: object) -> Visit:
    known = {
        "at": 1.0,
        "method": "GET",
        "status": 200,
        "bytes": 10,
        "first_byte": 0.1,
        "handling": "hit",
        "way": "page",
    }
    return Visit(**{**known, "form": "anonymous", "url": "/p/pot", **about})  # type: ignore[arg-type]


def test_a_line_is_read_as_it_was_written() -> None:
    assert visits.read_line(a_line()) == a_visit(at=1764000000.123, bytes=5120, first_byte=0.00025)


@pytest.mark.parametrize(
    ("cache", "handling"),
    [
        ("vitrine; hit; ttl=9", "hit"),
        ("vitrine; hit; ttl=-9", "stale"),
        ("vitrine; fwd=miss; stored; ttl=99", "miss"),
        ("vitrine; fwd=miss", "unkept"),
        ("vitrine; fwd=miss; detail=cookie", "cookie"),
        ("vitrine; fwd=bypass", "pass"),
        ("vitrine; detail=generated", "refused"),
        ("-", "refused"),
    ],
)
def test_how_a_visit_was_answered(cache: str, handling: str) -> None:
    visit = visits.read_line(a_line(cache))

    assert visit and visit.handling == handling


@pytest.mark.parametrize("line", ["", "half a li", "\t" * 6, a_line().replace("200", "-"), a_line() + "\tmore"])
def test_a_broken_line_is_left_out(line: str) -> None:
    assert visits.read_line(line) is None


def test_only_the_end_of_the_log_is_read_and_what_was_turned_over_counts(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.with_suffix(".log.1").write_text(f"{a_line(note='page/anonymous /old')}\n" * 3)
    path.write_text(f"{a_line()}\n{a_line()}\n")
    length = len(a_line()) + 1

    assert [v.url for v in visits.tail(path)] == ["/old"] * 3 + ["/p/pot"] * 2
    assert [v.url for v in visits.tail(path, length + 10)] == ["/p/pot"]
    assert list(visits.tail(tmp_path / "none")) == []


def test_hit_ratio_by_route_counts_what_could_have_been_a_hit() -> None:
    seen = [a_visit(), a_visit(url="/p/cup?o_size=1"), a_visit(handling="miss"), a_visit(handling="stale")]
    seen += [a_visit(way="pass", url="/cart", handling="pass")] * 2
    seen += [a_visit(url="/", handling="unkept"), a_visit(url="/nowhere", status=503, handling="refused")]

    tallies = {tally.route: tally for tally in visits.by_route(seen, ROUTES)}

    assert (tallies["/p/{slug:str}"].visits, tallies["/p/{slug:str}"].ratio) == (4, 0.75)
    assert tallies["/cart (private)"].ratio is None
    assert tallies["/"].ratio == 0
    assert tallies["(none)"].failed == 1
    assert visits.together(tallies.values()).ratio == 3 / 5


def test_the_most_visited_pages_come_first() -> None:
    seen = [a_visit(), a_visit(), a_visit(url="/"), a_visit(url="/x", status=404), a_visit(url="/cart", way="pass")]

    assert visits.most_visited(seen, 5) == ["/p/pot", "/"]
    assert visits.most_visited(seen, 1) == ["/p/pot"]


def answer(asked: Asked) -> Answer:
    return Answer("a page", KEPT) if asked.path.startswith("/p/") else Answer("yours", {})


LOGGED = sorted(
    [
        ("GET", 200, "miss", "page", "anonymous", "/p/pot"),
        ("GET", 200, "miss", "page", "personal", "/p/pot"),
        ("POST", 200, "pass", "pass", "", "/account"),
        ("GET", 400, "refused", "", "", ""),
        ("GET", 200, "miss", "page", "anonymous", "/p/last"),
    ]
)


def _others(log: Path) -> list[tuple[str, int, str, str, str, str]]:
    """What was visited after the first page. The edge's log is in no order: each connection's lines come when they come."""
    seen = [(v.method, v.status, v.handling, v.way, v.form, v.url) for v in visits.tail(log) if v.url != "/p/first"]
    return sorted(seen)


def _visit(edge: varnish.Edge, log: Path) -> None:
    """The first page until the log runs, then what is looked for in it."""
    cookie = f"sid_8080={varnish.SID}; cc_8080=3; pv_8080=private"
    while not log.exists() or not list(visits.tail(log)):
        edge.ask("GET", "/p/first")
        time.sleep(0.1)
    edge.ask("GET", "/p/pot?utm=1")
    edge.ask("GET", "/p/pot", Cookie=cookie)
    edge.ask("POST", "/account/reset/token?token=secret", Cookie=cookie, Content_Length="0")
    edge.ask("GET", "//")
    edge.ask("EXPLAIN", "/p/explained", purge=True)
    edge.ask("PURGE", "/", purge=True, X_Purge_Tags="all")
    edge.ask("GET", "/p/last")


@pytest.mark.skipif(not shutil.which("varnishncsa"), reason="needs the packages varnish and varnish-modules")
def test_the_log_of_a_real_edge_holds_no_shopper(tmp_path: Path) -> None:
    [port] = varnish.free_ports(1)
    log = tmp_path / "access.log"
    command = procfile.read(CLONE / "Procfile")["access"]
    with Origin(port, answer), varnish.Edge(tmp_path, [port]) as edge:
        argv = procfile.words(command, {"VARNISH": str(tmp_path / "work"), "ACCESS": str(log)})
        with subprocess.Popen(argv) as process:
            try:
                _visit(edge, log)
                eventually(lambda: len(_others(log)) >= len(LOGGED), within=30)
            finally:
                process.terminate()

    assert _others(log) == LOGGED
    assert not any(secret in log.read_text() for secret in (varnish.SID, "private", "secret", "127.0.0.1", "token"))

"""Instances that die, hang or recover behind a real Varnish, and crowds in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules"),
]


def page(asked: Asked) -> Answer:
    return Answer(asked.path, KEPT | {"xkey": "all"})


def get(edge: varnish.Edge, path: str) -> varnish.Answered:
    return edge.ask("GET", path)


def purge(edge: varnish.Edge, tags: str) -> str:
    return edge.ask("PURGE", "/", purge=True, X_Purge_Tags=tags).reason


def until(happens: Callable[[], bool], seconds: float = 8) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.1)
    return False


def test_killed_instance_costs_no_request(tmp_path: Path) -> None:
    ports = varnish.free_ports(2)
    with Origin(ports[0], page), varnish.Edge(tmp_path, ports, probe_seconds=0.3) as edge:
        with Origin(ports[1], page) as dying, ThreadPoolExecutor(4) as pool:
            load = pool.map(lambda n: get(edge, f"/p/{n}").status, range(300))
            assert until(lambda: len(dying.asked) > 20)
        answers = list(load)
        answers += [get(edge, f"/cart?{n}").status for n in range(20)]

    assert set(answers) == {200}


def test_hung_instance_costs_no_reader_a_page(tmp_path: Path) -> None:
    ports = varnish.free_ports(2)
    with (
        Origin(ports[0], page),
        Origin(ports[1], page) as hanging,
        varnish.Edge(tmp_path, ports, probe_seconds=0.3, hung_seconds=4) as edge,
        ThreadPoolExecutor(8) as pool,
    ):
        paths = [path for n in range(200) for path in (f"/p/{n}", f"/cart?{n}")]
        load = pool.map(lambda path: get(edge, path).status, paths)
        assert until(lambda: len(hanging.asked) > 20)
        hanging.hang()
        answers = list(load)

    assert answers == [200] * 400
    assert len(set(hanging.paths())) == len(hanging.asked)


def test_page_that_every_instance_hangs_over_ends_within_the_longest_fetch(tmp_path: Path) -> None:
    ports = varnish.free_ports(2)
    with (
        Origin(ports[0], page) as one,
        Origin(ports[1], page) as other,
        varnish.Edge(tmp_path, ports, hung_seconds=3) as edge,
        ThreadPoolExecutor(1) as pool,
    ):
        one.hang()
        other.hang()
        began = time.monotonic()
        reader = pool.submit(get, edge, "/p/pot")
        assert until(lambda: bool(one.asked))
        edge.cli("backend.set_health", "*.web0", "sick")

        assert reader.result().status == 503
        assert time.monotonic() - began < 12
        assert one.paths() == other.paths() == ["/p/pot"]


def test_no_instance_left_shows_copies_until_one_is_back(tmp_path: Path) -> None:
    ports = varnish.free_ports(2)
    with varnish.Edge(tmp_path, ports, probe_seconds=0.2) as edge:
        with Origin(ports[0], page), Origin(ports[1], page):
            assert until(lambda: get(edge, "/p/pot").status == 200)
        assert purge(edge, "all") == "n=1"

        stale = get(edge, "/p/pot")
        missing = get(edge, "/p/other")
        posted = edge.ask("POST", "/cart/lines", Content_Length="0")

        assert (stale.status, stale.text, stale.headers["CDN-Cache-Control"]) == (200, "/p/pot", "no-store")
        assert (missing.status, missing.headers["Retry-After"]) == (503, "5")
        assert posted.status == 503
        with Origin(ports[0], page):
            assert until(lambda: "stored" in get(edge, "/p/pot").headers["Cache-Status"])


def test_sick_instance_is_left_out(tmp_path: Path) -> None:
    ports = varnish.free_ports(2)
    with (
        Origin(ports[0], page) as sick,
        Origin(ports[1], page),
        varnish.Edge(tmp_path, ports, probe_seconds=0.2) as edge,
    ):
        sick.healthy = False
        time.sleep(1)
        sick.asked.clear()

        answers = {get(edge, f"/p/{n}").status for n in range(10)}

        assert answers == {200}
        assert sick.asked == []


def test_hundred_cold_readers_cost_one_fetch(tmp_path: Path) -> None:
    [port] = varnish.free_ports(1)
    with (
        Origin(port, lambda asked: Answer("page", KEPT, after=0.5)) as origin,
        varnish.Edge(tmp_path, [port]) as edge,
        ThreadPoolExecutor(100) as pool,
    ):
        answers = list(pool.map(lambda n: get(edge, "/p/pot").text, range(100)))

    assert set(answers) == {"page"}
    assert len(origin.asked) == 1


def test_readers_of_an_uncacheable_page_do_not_queue(tmp_path: Path) -> None:
    [port] = varnish.free_ports(1)
    with (
        Origin(port, lambda asked: Answer("page", {}, after=0.3)),
        varnish.Edge(tmp_path, [port]) as edge,
        ThreadPoolExecutor(100) as pool,
    ):
        get(edge, "/p/pot")
        began = time.monotonic()
        answers = list(pool.map(lambda n: get(edge, "/p/pot").status, range(100)))

        assert answers == [200] * 100
        assert time.monotonic() - began < 10  # one after the other they take 30


def test_slow_failing_origin_is_not_asked_by_each_waiter_in_turn(tmp_path: Path) -> None:
    [port] = varnish.free_ports(1)
    with (
        Origin(port, lambda asked: Answer("TRACEBACK", {}, 500, after=1)) as origin,
        varnish.Edge(tmp_path, [port]) as edge,
        ThreadPoolExecutor(20) as pool,
    ):
        began = time.monotonic()
        answers = list(pool.map(lambda n: get(edge, "/p/pot").status, range(20)))

        assert set(answers) == {503}
        assert time.monotonic() - began < 10  # one after the other they take 20
        assert len(origin.asked) <= 4


def test_reload_under_load_fails_nobody_and_keeps_tags(tmp_path: Path) -> None:
    [port] = varnish.free_ports(1)
    with Origin(port, page), varnish.Edge(tmp_path, [port], probe_seconds=0.2) as edge, ThreadPoolExecutor(4) as pool:
        get(edge, "/p/1")
        load = pool.map(lambda n: get(edge, f"/p/{n % 20}").status, range(300))
        for name in ("one", "two"):
            edge.cli("vcl.load", name, str(edge.folder / "edge.vcl"))
            edge.cli("vcl.use", name)
        edge.cli("vcl.discard", "boot")

        assert set(load) == {200}
        assert purge(edge, "all") == "n=20"


@pytest.mark.parametrize("whole", [False, True], ids=["child", "whole"])
def test_killed_varnish_is_back_under_load_with_one_fetch_a_page_and_still_purges(tmp_path: Path, whole: bool) -> None:
    [port] = varnish.free_ports(1)
    with Origin(port, page) as origin, varnish.Edge(tmp_path, [port]) as edge, ThreadPoolExecutor(8) as pool:
        assert all(_answers(edge, n) for n in range(20))

        readers = [pool.submit(until, lambda n=n: _answers(edge, n), 30) for n in range(100)]
        _kill(edge, whole)
        readers += [pool.submit(until, lambda n=n: _answers(edge, n), 30) for n in range(100)]

        assert all(reader.result() for reader in readers)
        assert len(origin.asked) <= 2 * 20  # each page for the first cache and for the second
        assert purge(edge, "all") == "n=20"
        assert "stored" in get(edge, "/p/1").headers["Cache-Status"]


def _kill(edge: varnish.Edge, whole: bool) -> None:
    """Kills the child, which varnishd starts anew; or all of it, and starts it again as a supervisor does."""
    [child] = Path(f"/proc/{edge.process.pid}/task/{edge.process.pid}/children").read_text().split()
    if not whole:
        os.kill(int(child), signal.SIGKILL)
        return
    edge.process.kill()
    edge.process.wait()
    assert until(lambda: not Path(f"/proc/{child}").exists())  # it holds the listeners a moment longer
    edge.__enter__()


def _answers(edge: varnish.Edge, number: int) -> bool:
    try:
        return get(edge, f"/p/{number % 20}").status == 200
    except (OSError, HTTPException):
        return False

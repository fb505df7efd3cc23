"""New rules into a running edge: no request lost, no tag forgotten, and back again when they do not work."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
from click.testing import CliRunner

from app.cli import main
from app.edge import purge
from app.edge.naming import name_of
from app.edge.vcl import render
from app.ops import reloading
from app.ops.node import Here
from app.ops.reloading import BadRules, reload
from app.ops.varnishadm import NoEdge, Varnishd
from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin
from tests.stack import Stack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules"),
]


def answer(asked: Asked) -> Answer:
    return Answer("yours", {}) if asked.path == "/cart" else Answer(asked.path, KEPT | {"xkey": "p1 all"})


class Node:
    def __init__(self, edge: varnish.Edge, port: int) -> None:
        self.edge, self.port = edge, port
        self.varnishd = Varnishd(edge.folder / "work")
        self.here = Here(
            folder=edge.folder / "work", vcl=edge.folder / "edge.vcl", node=f"http://127.0.0.1:{edge.purge_port}",
            shop=f"http://127.0.0.1:{edge.port}", host="localhost:8080",
        )  # fmt: skip

    def rules(self, **changes: object) -> str:
        return render(varnish.config([self.port], probe_seconds=0.3, **changes))

    def loaded(self) -> list[str]:
        return [one.name for one in self.varnishd.rules()]


@pytest.fixture
async def node(tmp_path, monkeypatch) -> AsyncIterator[Node]:
    monkeypatch.setattr(reloading, "JUDGED_AFTER", 1.2)
    [port] = varnish.free_ports(1)
    with Origin(port, answer), varnish.Edge(tmp_path, [port], probe_seconds=0.3) as edge:
        yield Node(edge, port)
        await purge.close()


@contextmanager
def a_crowd(node: Node) -> Iterator[list[int]]:
    """Four visitors who ask without a pause, each on a connection of its own; the statuses they got."""
    seen: list[int] = []
    over = threading.Event()

    def visit() -> None:
        connection = HTTPConnection("127.0.0.1", node.edge.port, timeout=10)
        while not over.is_set():
            for path in ("/p/1", "/cart"):
                try:
                    connection.request("GET", path, headers={"Host": "localhost:8080"})
                    answered = connection.getresponse()
                    answered.read()
                    seen.append(answered.status)
                except OSError:
                    seen.append(0)
                    connection.close()

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for one in visitors:
        one.start()
    yield seen
    over.set()
    for one in visitors:
        one.join()


async def test_five_reloads_cost_no_request_and_no_tag(node: Node) -> None:
    names = []
    with a_crowd(node) as seen:
        for number in range(5):
            report = await reload(node.here, node.rules(shop_name=f"Shop {number}"))
            names.append(report.rules)

    assert len(seen) > 100 and set(seen) == {200}
    assert node.varnishd.active == names[-1]
    assert node.loaded() == names[-3:]
    assert "hit" in node.edge.ask("GET", "/p/1").headers["Cache-Status"]
    [ack] = await purge.purge([node.here.node], {"p1"})
    assert ack.count == 1 or ack.count == 2  # the front page was asked for, too
    assert "stored" in node.edge.ask("GET", "/p/1").headers["Cache-Status"]


async def test_rules_that_are_at_work_already_are_left_alone(node: Node) -> None:
    changed = await reload(node.here, node.rules(shop_name="Other"))
    again = await reload(node.here, node.rules(shop_name="Other"))

    assert (changed.changed, again.changed) == (True, False)
    assert again.rules == changed.rules == name_of(node.here.vcl.read_text())


async def test_rules_used_before_are_taken_up_again(node: Node) -> None:
    first, second = node.rules(shop_name="First"), node.rules(shop_name="Second")

    for text in (first, second, first):
        await reload(node.here, text)

    assert node.varnishd.active == name_of(first)
    assert name_of(second) in node.loaded()


async def test_rules_that_do_not_compile_change_nothing(node: Node) -> None:
    broken = node.rules(shop_name="Broken").replace("sub vcl_hash {", "sub vcl_hash { nonsense;")

    with pytest.raises(BadRules, match="do not compile"):
        await reload(node.here, broken)

    assert node.loaded() == ["boot"]
    assert node.edge.ask("GET", "/p/1").status == 200


async def test_rules_that_reach_no_instance_are_never_used(node: Node) -> None:
    [closed] = varnish.free_ports(1)

    with pytest.raises(BadRules, match="do not reach web0"):
        await reload(node.here, render(varnish.config([closed], probe_seconds=0.3)))

    assert node.loaded() == ["boot"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"hosts": ("other.example",)}, "they refuse the front page"), ({"private": ("/healthz",)}, "")],
)
async def test_rules_that_fail_their_first_visitor_are_taken_back(node: Node, changes: dict, why: str) -> None:
    text = node.rules(**changes)
    if not why:
        text, why = (
            re.sub(r"^sub vcl_hash \{", "sub vcl_hash { return (fail);", text, flags=re.M),
            "/healthz answered 503|does not work",
        )

    with pytest.raises(BadRules, match=why):
        await reload(node.here, text)

    assert node.varnishd.active == "boot"
    assert node.loaded() == ["boot"]
    assert node.edge.ask("GET", "/p/1").status == 200
    assert name_of(node.here.vcl.read_text()) != name_of(text)


async def test_an_outage_is_no_reason_to_refuse_new_rules(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(reloading, "JUDGED_AFTER", 1.2)
    [port] = varnish.free_ports(1)
    with varnish.Edge(tmp_path, [port], probe_seconds=0.3) as edge:
        node = Node(edge, port)
        while any(one.healthy for one in node.varnishd.backends("boot")):
            await asyncio.sleep(0.1)

        report = await reload(node.here, node.rules(shop_name="Other"))
        await purge.close()

    assert report.changed


async def test_two_reloads_at_a_time_are_one_too_many(node: Node) -> None:
    first = asyncio.create_task(reload(node.here, node.rules(shop_name="Other")))
    await asyncio.sleep(0.2)

    with pytest.raises(BadRules, match="under way"):
        await reload(node.here, node.rules(shop_name="Another"))
    assert (await first).changed


async def test_without_an_edge_there_is_nothing_to_reload(tmp_path) -> None:
    with pytest.raises(NoEdge):
        await reload(Here(folder=tmp_path, vcl=tmp_path / "x", node="", shop="", host=""), render(varnish.config([1])))


def test_a_machine_without_an_edge_is_told_how_to_load_rules_elsewhere(tmp_path) -> None:
    env = {"VITRINE_HOME": str(tmp_path / "home"), "VITRINE_EDGE_NODES": "http://127.0.0.1:1"}
    done = CliRunner().invoke(main, ["edge", "reload"], env=env)

    assert done.exit_code == 2
    assert "No edge of this shop runs on this machine: ./vitrine edge render" in done.output


def test_a_shop_that_just_started_has_nothing_to_reload(stack: Stack) -> None:
    done = stack.run("edge", "reload")

    assert done.returncode == 0, done.stderr
    assert "Nothing changed" in done.stdout

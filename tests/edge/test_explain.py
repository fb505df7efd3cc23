"""What an edge node says of an address, asked by the app on a real Varnish."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest

from app.edge import purge
from app.edge.explain import Explained, _target, explain
from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Asked, Origin
from tests.edge.test_purge import a_node

pytestmark = pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")

PERSONAL = f"sid_8080={varnish.SID}; cc_8080=3"


def answer(asked: Asked) -> Answer:
    if asked.path == "/p/unkept":
        return Answer("no", {})
    if asked.headers.get("x-vitrine-form") == "personal":
        holes = {"Surrogate-Control": 'content="ESI/1.0"', "X-Vitrine-Holes": "account badge"}
        return Answer("<html></html>", KEPT | holes | {"xkey": "p1 all"})
    return Answer("a pot" * 100, KEPT | {"xkey": "p1 all", "ETag": '"a"'})


class Node:
    def __init__(self, edge: varnish.Edge, origin: Origin) -> None:
        self.edge, self.origin = edge, origin
        self.url = f"http://127.0.0.1:{edge.purge_port}"

    async def says(self, url: str, cookie: str = "") -> Explained:
        """The answer, of which the origin heard nothing."""
        self.origin.asked.clear()
        said = await explain(self.url, url, cookie)
        assert self.origin.asked == []
        return said


@pytest.fixture(scope="module")
async def node(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Node]:
    [port] = varnish.free_ports(1)
    with Origin(port, answer) as origin, varnish.Edge(tmp_path_factory.mktemp("edge"), [port]) as edge:
        yield Node(edge, origin)
        await purge.close()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://localhost:8080?x=1", "/?x=1"),
        ("http://localhost:8080#top", "/"),
        ("http://localhost:8080/p/pot?next=/cart", "/p/pot?next=/cart"),
    ],
)
def test_a_whole_address_needs_no_slash_after_its_host(url: str, target: str) -> None:
    assert _target(url) == (target, "localhost:8080")


async def test_a_kept_page_is_told_with_its_key_its_times_and_its_tags(node: Node) -> None:
    node.edge.ask("GET", "/p/pot")

    said = await node.says("/p/pot?utm_source=letter#top")

    assert (said.state, said.way, said.form, said.url, said.host) == (
        "hit",
        "page",
        "anonymous",
        "/p/pot",
        "localhost:8080",
    )
    assert said.tags == ("p1", "all")
    assert (said.status, said.size, said.encoding, said.etag, said.storage) == (
        200,
        500,
        "gzip",
        'W/"a"',
        "storage.default",
    )
    assert said.ttl and 90 < said.ttl <= 100 and said.grace == 86400 and said.age is not None
    assert not said.outage


async def test_cookies_choose_the_form_and_its_holes_are_named(node: Node) -> None:
    before = await node.says("/p/cup", PERSONAL)
    node.edge.ask("GET", "/p/cup", Cookie=PERSONAL)

    said = await node.says("http://localhost:8080/p/cup", PERSONAL)
    anonymous = await node.says("/p/cup")

    assert (before.state, before.tags, before.ttl) == ("miss", (), None)
    assert (said.state, said.form, said.holes) == ("hit", "personal", ("account", "badge"))
    assert anonymous.state == "miss"


async def test_a_purged_page_is_stale_and_stays_what_it_is(node: Node) -> None:
    node.edge.ask("GET", "/p/purged")
    await purge.purge([node.url], {"p1"})

    twice = [(await node.says("/p/purged")).state for _ in range(2)]

    assert twice == ["stale", "stale"]
    assert "stored" in node.edge.ask("GET", "/p/purged").headers["Cache-Status"]


@pytest.mark.parametrize(
    ("url", "state", "rule"),
    [
        ("/cart", "pass", None),
        ("/_h/account", "pass", None),
        ("/p/../cart", "refused", "refuse_path"),
        ("/p//pot", "refused", "refuse_path"),
        ("//cart", "refused", "refuse_path"),
        ("/p/%2e", "refused", "refuse_path"),
        ("/" + "a" * 2050, "refused", "refuse_path"),
        ("/_h/nothing", "refused", "hide_holes"),
        ("http://elsewhere.example/p/pot", "refused", "refuse_host"),
        ("/p/grün", "miss", None),
        ("/search?q=a b", "miss", None),
        ("", "miss", None),
    ],
)
async def test_what_is_never_kept_is_told_by_its_rule(node: Node, url: str, state: str, rule: str | None) -> None:
    said = await node.says(url)

    assert (said.state, said.rule) == (state, rule)


async def test_an_answer_that_could_not_be_kept_is_told_from_none(node: Node) -> None:
    node.edge.ask("GET", "/p/unkept")

    assert (await node.says("/p/unkept")).state == "hit-for-miss"


async def test_a_node_that_is_away_or_does_not_understand_is_unknown() -> None:
    [closed] = varnish.free_ports(1)
    old = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"
    async with a_node(old) as (url, _):
        said = [await explain(each, "/p/pot") for each in (f"http://127.0.0.1:{closed}", url)]

    assert [one.state for one in said] == ["unknown", "unknown"]
    assert (said[0].error or "").startswith("ConnectError")
    assert said[1].error == "answered 405 Method Not Allowed"

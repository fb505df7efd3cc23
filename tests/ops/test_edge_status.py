"""`vitrine edge status`: what is wrong comes first, and the exit status says whether anything is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.db.engines import EVERYONE, writing
from app.edge import purge
from app.edge.explain import Explained
from app.edge.naming import name_of
from app.main import edge_routes
from app.ops import node_counters
from app.ops.edge_status import Backlog, Node, Status, status, wrong_with
from app.ops.node import Here
from app.ops.node_counters import Counters
from app.ops.varnishadm import Backend
from app.ops.visits import Tally
from app.settings import Settings, settings
from tests.edge import varnish
from tests.edge.origin import KEPT, Answer, Origin
from tests.ops.edge_shop import EdgeShop, an_edge_shop
from tests.stack import Stack

with_varnish = pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the packages varnish and varnish-modules")
WELL = Explained(node="http://node", state="hit", name="one", rules="vitrine-a", up=60.0)


def found(node: Node, **about: object) -> Status:
    known = {
        "wanted": "vitrine-a",
        "nodes": [node],
        "outbox": Backlog(),
        "cdn": None,
        "whole": Tally(route="all"),
        "routes": [],
    }
    return Status(**known | about)  # type: ignore[arg-type]


def a_node(said: Explained = WELL, state: str = "live", **about: object) -> Node:
    return Node(url=said.node, said=said, state=state, current=said.rules == "vitrine-a", **about)  # type: ignore[arg-type]


def some_counters(**about: object) -> Counters:
    known = {"objects": 1, "evicted": 0, "stores": [], "backends": [Backend("boot", "web0", True)], "cookies": 0}
    return Counters(**known | about)  # type: ignore[arg-type]


def test_a_well_edge_has_nothing_to_say() -> None:
    node = a_node(canary_ms=300, canary_ago=5.0, here=some_counters(), owes=Backlog(open=3, oldest=1.0))

    assert wrong_with(found(node), Settings(), database=True) == []


@pytest.mark.parametrize(
    ("node", "about", "said"),
    [
        (
            a_node(msgspec.structs.replace(WELL, state="unknown", error="ConnectError"), "away"),
            {},
            "does not answer (ConnectError)",
        ),
        (a_node(state="fenced"), {}, "is fenced"),
        (a_node(msgspec.structs.replace(WELL, outage=True)), {}, "no healthy web instance"),
        (a_node(msgspec.structs.replace(WELL, rules="vitrine-b")), {}, "./vitrine edge reload"),
        (
            a_node(owes=Backlog(open=2, oldest=6.0, error="ReadTimeout")),
            {},
            "owes 2 purges, the oldest for 6 s (ReadTimeout)",
        ),
        (a_node(here=some_counters(backends=[Backend("boot", "web1", False)])), {}, "finds web1 sick"),
        (a_node(here=some_counters(cookies=2, cookie_on="/p/pot")), {}, "2 pages set a cookie lately"),
        (a_node(canary_ms=1400, canary_ago=1.0), {}, "took 1.4 s"),
        (a_node(canary_ms=None, canary_ago=1.0), {}, "never arrived"),
        (a_node(canary_ms=20, canary_ago=600.0), {}, "is the relay running"),
        (a_node(), {"outbox": Backlog(open=7, oldest=30.0)}, "7 changes wait for the relay, the oldest for 30 s"),
        (a_node(), {"cdn": Backlog(open=1, oldest=30.0, error="429")}, "the CDN owes 1 purges"),
        (a_node(), {"whole": Tally(route="all", visits=100, failed=2)}, "2.0 % of visits"),
    ],
)
def test_what_is_wrong_is_said_with_its_number(node: Node, about: dict[str, object], said: str) -> None:
    [wrong] = wrong_with(found(node, **about), Settings(), database=True)

    assert said in wrong


def test_a_database_that_is_away_is_wrong_and_a_dead_node_comes_before_it() -> None:
    dead = a_node(msgspec.structs.replace(WELL, state="unknown", error="ConnectError"), "away")

    wrong = wrong_with(found(dead), Settings(), database=False)

    assert ["does not answer (ConnectError)" in wrong[0], "shared database" in wrong[1]] == [True, True]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeShop]:
    with an_edge_shop(tmp_path_factory.mktemp("edge")) as running:
        yield running


@with_varnish
def test_the_command_prints_what_is_wrong_first_and_ends_with_one(shop: EdgeShop) -> None:
    done = shop.vitrine("status")
    json = msgspec.json.decode(shop.vitrine("status", "--json").output)

    assert done.exit_code == 1
    assert done.output.startswith("WRONG  the shared database does not answer")
    assert shop.url in done.output
    assert json["nodes"][0]["said"]["rules"].startswith("vitrine-")
    assert any("edge reload" in reason for reason in json["wrong"])  # its backends are not those of this shop


@with_varnish
def test_without_an_edge_it_is_one_sentence(shop: EdgeShop) -> None:
    done = shop.vitrine("status", VITRINE_EDGE="false", VITRINE_EDGE_NODES="")

    assert (done.exit_code, done.output.count("\n")) == (2, 1)


@with_varnish
async def test_what_a_node_owes_and_how_fast_purges_are_comes_from_the_relays_notes(
    databases: None, shop: EdgeShop, tmp_path: Path
) -> None:
    async with writing(EVERYONE) as db:
        await db.execute(
            "INSERT INTO edge_node (url, name, state, canary_ms, canary_at) VALUES ($1, 'n', 'fenced', 42, now())",
            shop.url,
        )
        purged = await db.fetchval(
            "INSERT INTO edge_purge (id, kind, tags, sent_at) VALUES (gen_random_uuid(), 'hand', '[\"p1\"]', "
            "now() - interval '1 minute') RETURNING id"
        )
        await db.execute(
            "INSERT INTO edge_delivery (id, purge_id, target, due_at, error) VALUES (gen_random_uuid(), $1, $2, now(), 'slow')",
            purged, shop.url,
        )  # fmt: skip
    now = msgspec.structs.replace(settings(), edge_nodes=shop.url)

    seen = await status(now, "vitrine-none", None, edge_routes(), tmp_path / "none.log")
    await purge.close()

    [node] = seen.nodes
    assert (node.state, node.canary_ms, node.owes.open) == ("fenced", 42, 1)
    assert node.owes.oldest >= 60
    assert node.said.up is not None
    assert [reason for reason in seen.wrong if "is fenced" in reason]
    assert [reason for reason in seen.wrong if "owes 1 purges, the oldest for 1 min" in reason]


@pytest.mark.slow
@with_varnish
def test_the_node_here_is_counted(tmp_path: Path) -> None:
    [port] = varnish.free_ports(1)
    with Origin(port, lambda asked: Answer("x", KEPT | ({"Set-Cookie": "a=1"} if "cookie" in asked.path else {}))):
        with varnish.Edge(tmp_path, [port]) as edge:
            for path in ("/p/pot", "/p/cookie"):
                edge.ask("GET", path)
            here = Here(folder=tmp_path / "work", vcl=tmp_path / "x", node="", shop="", host="")
            counted = node_counters.counters(here)
        gone = node_counters.counters(here)

    assert counted and gone is None
    assert (counted.cookies, counted.cookie_on) == (1, "/p/cookie")
    assert counted.objects >= 1 and [one.healthy for one in counted.backends] == [True]
    default = next(store for store in counted.stores if store.name == "default")
    assert 0 < default.used < default.size


@pytest.mark.slow
def test_a_whole_shop_is_well_and_its_visits_are_told_by_route(stack: Stack) -> None:
    import httpx

    for _ in range(4):
        httpx.get(f"{stack.url}/p/pell-mug")

    looks = (msgspec.json.decode(stack.run("edge", "status", "--json").stdout) for _ in range(10))
    seen = next(seen for seen in looks if any(each["route"] == "/p/{slug:str}" for each in seen["routes"]))

    assert seen["nodes"][0]["current"] is True
    assert name_of(stack.run("edge", "render").stdout) == seen["wanted"]
    assert seen["nodes"][0]["here"]["stores"][0]["size"] > 200_000_000

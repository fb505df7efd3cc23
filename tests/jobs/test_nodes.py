from __future__ import annotations

import asyncio

import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.edge import purge, tags
from app.settings import Settings
from jobs import nodes as jobs_nodes
from jobs.edges import Edges
from jobs.nodes import Backlog
from tests.jobs.listeners import Node
from tests.makers import a_product

pytestmark = pytest.mark.usefixtures("databases")


@pytest.fixture
def backlog(edged: Settings, edges: Edges) -> Backlog:
    return Backlog(edged)


async def state(node: Node) -> tuple[str, bool]:
    """Live or fenced, and whether it owes something."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow("SELECT state, behind_since FROM edge_node WHERE url = $1", node.url)
    return row["state"], row["behind_since"] is not None


async def test_a_node_that_is_back_gets_what_it_missed_in_one_go(
    nodes: list[Node], edges: Edges, backlog: Backlog
) -> None:
    await edges.step()
    nodes[1].broken = True
    missed = []
    for _ in range(4):
        missed.append(await a_product())
        await edges.step()
    await backlog.step()
    others = nodes[0].requests
    nodes[1].broken, asked = False, nodes[1].requests

    await eventually_caught_up(nodes[1], backlog)

    assert {tags.product(each.id) for each in missed} <= set(nodes[1].tags)
    assert nodes[1].requests == asked + 2  # one tag to hear who answers, then all
    assert nodes[0].requests == others
    async with reading(EVERYONE) as db:
        uncleared = "SELECT count(*) FROM edge_purge p JOIN edge_delivery d ON d.purge_id = p.id AND d.target = $1"
        assert not await db.fetchval(f"{uncleared} WHERE p.cleared_at IS NULL", nodes[1].url)


async def test_a_late_node_is_fenced_until_it_has_caught_up(nodes: list[Node], edges: Edges, backlog: Backlog) -> None:
    nodes[1].broken = True
    await a_product()
    await edges.step()
    assert await state(nodes[1]) == ("live", True)

    await asyncio.sleep(0.25)
    await backlog.step()

    assert await state(nodes[1]) == ("fenced", True)
    assert await state(nodes[0]) == ("live", False)
    nodes[1].broken = False
    await eventually_caught_up(nodes[1], backlog)
    assert await state(nodes[1]) == ("live", False)


async def test_while_a_node_is_fenced_the_others_are_known_by_the_names_they_have_now(
    nodes: list[Node], edges: Edges, backlog: Backlog
) -> None:
    nodes[1].broken = True
    await a_product()
    await edges.step()
    nodes[0].name = "renamed"

    await asyncio.sleep(0.25)
    await backlog.step()

    assert await state(nodes[1]) == ("fenced", True)
    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT name FROM edge_node WHERE url = $1", nodes[0].url) == "renamed"


async def test_the_last_node_is_never_taken_out(nodes: list[Node], edges: Edges, backlog: Backlog) -> None:
    for node in nodes:
        node.broken = True
    await a_product()
    await edges.step()

    await asyncio.sleep(0.25)
    await backlog.step()

    assert [await state(node) for node in nodes] == [("live", True), ("live", True)]


async def test_a_node_that_restarted_was_empty_so_what_it_missed_is_skipped(
    nodes: list[Node], edges: Edges, backlog: Backlog
) -> None:
    await a_product()
    await edges.step()
    nodes[1].broken = True
    missed = await a_product()
    await edges.step()
    nodes[1].restart()
    nodes[1].broken = False
    nodes[1].tags.clear()

    await backlog.step()

    assert await state(nodes[1]) == ("live", False)
    assert len(nodes[1].tags) == 1  # the one that asked who is there
    async with reading(EVERYONE) as db:
        sql = "SELECT error FROM edge_delivery WHERE target = $1 AND error IS NOT NULL"
        assert "restarted" in await db.fetchval(sql, nodes[1].url)
        assert await db.fetchval("SELECT boot FROM edge_node WHERE url = $1", nodes[1].url) == nodes[1].boot
    assert missed


async def test_what_a_node_missed_after_its_restart_is_not_skipped(
    nodes: list[Node], edges: Edges, backlog: Backlog
) -> None:
    await a_product()
    await edges.step()
    nodes[1].broken = True
    nodes[1].restart()
    nodes[1].up = 60.0  # its cache has been filling for a minute when the purge comes
    missed = await a_product()
    await edges.step()
    nodes[1].broken = False

    await backlog.step()

    assert tags.product(missed.id) in nodes[1].tags


async def test_a_long_absence_ends_with_everything_at_once(
    nodes: list[Node], edges: Edges, backlog: Backlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_nodes, "MOST_TAGS", 3)
    nodes[1].broken = True
    await a_product()
    await edges.step()
    nodes[1].broken = False

    await eventually_caught_up(nodes[1], backlog)

    assert nodes[1].tags[-1] == tags.everything()


async def test_a_hanging_node_delays_one_round_by_a_second_at_most(nodes: list[Node], edges: Edges) -> None:
    nodes[1].hangs.clear()
    await a_product()
    loop = asyncio.get_running_loop()

    began = loop.time()
    await edges.step()
    first = loop.time() - began
    await a_product()
    began = loop.time()
    await edges.step()
    second = loop.time() - began
    nodes[1].hangs.set()

    assert first < 3
    assert second < 0.9


async def test_a_node_that_is_no_longer_named_owes_nothing(nodes: list[Node], edges: Edges, edged: Settings) -> None:
    nodes[1].broken = True
    await a_product()
    await edges.step()

    await jobs_nodes.enrol(msgspec.structs.replace(edged, edge_nodes=nodes[0].url))

    async with reading(EVERYONE) as db:
        assert not await db.fetchval("SELECT count(*) FROM edge_delivery WHERE acked_at IS NULL")
        assert await db.fetchval("SELECT array_agg(url) FROM edge_node") == [nodes[0].url]


async def test_a_node_that_is_named_again_forgets_what_it_holds(
    nodes: list[Node], edges: Edges, edged: Settings
) -> None:
    await jobs_nodes.enrol(msgspec.structs.replace(edged, edge_nodes=nodes[0].url))
    nodes[0].tags, nodes[1].tags = [], []

    await jobs_nodes.enrol(edged)

    assert (nodes[0].tags, nodes[1].tags) == ([], [tags.everything()])
    assert await state(nodes[1]) == ("live", False)


async def test_a_node_that_joins_while_it_is_away_owes_everything(
    nodes: list[Node], edges: Edges, edged: Settings, backlog: Backlog
) -> None:
    await jobs_nodes.enrol(msgspec.structs.replace(edged, edge_nodes=nodes[0].url))
    nodes[1].broken, nodes[1].tags = True, []
    await jobs_nodes.enrol(edged)
    assert await state(nodes[1]) == ("live", True)

    nodes[1].broken = False
    await eventually_caught_up(nodes[1], backlog)

    assert tags.everything() in nodes[1].tags


async def test_what_a_round_leaves_to_a_node_that_catches_up_meanwhile_is_sent(
    nodes: list[Node], edges: Edges, backlog: Backlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes[1].broken = True
    await a_product()
    await edges.step()
    nodes[1].broken = False
    missed = await a_product()
    real = purge.purge

    async def slow(asked: list[str], found: set[str]) -> list[purge.Ack]:
        if asked == [nodes[0].url]:  # the round knows that the other owes something, which it then no longer does
            await eventually_caught_up(nodes[1], backlog)
        return await real(asked, found)

    monkeypatch.setattr(purge, "purge", slow)
    await edges.step()
    monkeypatch.setattr(purge, "purge", real)
    assert await state(nodes[1]) == ("live", True)

    await eventually_caught_up(nodes[1], backlog)

    assert tags.product(missed.id) in nodes[1].tags


async def test_a_restarted_node_whose_age_cannot_be_read_gets_all_it_missed(
    nodes: list[Node], edges: Edges, backlog: Backlog
) -> None:
    nodes[1].broken = True
    missed = await a_product()
    await edges.step()
    nodes[1].restart()
    nodes[1].broken, nodes[1].up = False, -5.0  # its clock was set back since it started

    await eventually_caught_up(nodes[1], backlog)

    assert tags.product(missed.id) in nodes[1].tags


async def eventually_caught_up(node: Node, backlog: Backlog) -> None:
    for _ in range(100):
        await backlog.step()
        if not (await state(node))[1]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("still behind")


async def test_nothing_to_catch_up_costs_one_statement(edges: Edges, backlog: Backlog) -> None:
    await edges.step()
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE edge_node SET behind_since = NULL, state = 'live'")

    await backlog.step()

    assert backlog.waits == {}

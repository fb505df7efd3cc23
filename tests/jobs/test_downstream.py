from __future__ import annotations

import asyncio
from collections.abc import Set

import msgspec
import pytest

from app.db.engines import EVERYONE, reading, writing
from app.edge import tags
from app.edge.purge import CDN, Ack
from app.settings import Settings
from jobs.downstream import Downstream
from jobs.edges import CDN_ECHO, Edges
from jobs.nodes import Backlog
from tests.jobs.listeners import Node
from tests.makers import a_product

pytestmark = pytest.mark.usefixtures("databases")


class Stage:
    """A CDN that notes what it was told, and fails on demand."""

    name = "stage"

    def __init__(self) -> None:
        self.calls: list[set[str]] = []
        self.broken = False

    async def purge(self, tags: Set[str]) -> Ack:
        self.calls.append(set(tags))
        return Ack(CDN, None, "answered 429") if self.broken else Ack(CDN, 0)

    async def close(self) -> None:
        return


@pytest.fixture
def edged(edged: Settings) -> Settings:
    return msgspec.structs.replace(edged, cdn="fastly", cdn_api="https://cdn.example", cdn_zone="z", cdn_token="t")


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def downstream(edged: Settings, edges: Edges, stage: Stage) -> Downstream:
    return Downstream(edged, stage)


async def test_the_cdn_is_told_after_every_node_confirmed(
    nodes: list[Node], edges: Edges, downstream: Downstream, stage: Stage, edged: Settings
) -> None:
    await edges.step()
    nodes[1].broken = True
    product = await a_product()
    await edges.step()
    await downstream.step()
    assert not any(tags.product(product.id) in call for call in stage.calls)

    nodes[1].broken = False
    await Backlog(edged).step()
    await downstream.step()

    assert sum(tags.product(product.id) in call for call in stage.calls) == 1
    async with reading(EVERYONE) as db:
        uncleared = "SELECT count(*) FROM edge_purge p JOIN edge_delivery d ON d.purge_id = p.id AND d.target = $1"
        assert not await db.fetchval(f"{uncleared} WHERE p.cleared_at IS NULL", nodes[1].url)


async def test_a_fenced_node_does_not_hold_up_the_cdn(
    nodes: list[Node], edges: Edges, downstream: Downstream, stage: Stage, edged: Settings
) -> None:
    await edges.step()
    nodes[1].broken = True
    await a_product()
    await edges.step()

    await asyncio.sleep(0.25)
    await Backlog(edged).step()
    await downstream.step()

    assert len(stage.calls) == 1


async def test_a_failing_cdn_repeats_no_node(
    nodes: list[Node], edges: Edges, downstream: Downstream, stage: Stage, edged: Settings
) -> None:
    await edges.step()
    stage.broken = True
    await a_product()
    await edges.step()
    asked = [node.requests for node in nodes]

    await downstream.step()
    await edges.step()
    await Backlog(edged).step()
    stage.broken = False
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE edge_delivery SET due_at = now() WHERE acked_at IS NULL")
    await downstream.step()

    assert [node.requests for node in nodes] == asked
    assert len(stage.calls) == 2
    assert stage.calls[0] == stage.calls[1]


async def test_the_echo_reaches_the_cdn_three_seconds_after_the_nodes(
    edges: Edges, downstream: Downstream, stage: Stage
) -> None:
    await a_product()
    await edges.step()
    await downstream.step()
    await asyncio.sleep(0.15)

    await edges.step()
    await downstream.step()

    assert len(stage.calls) == 1
    async with reading(EVERYONE) as db:
        sql = """SELECT d.due_at - p.sent_at FROM edge_delivery d JOIN edge_purge p ON p.id = d.purge_id
            WHERE d.target = $1 AND p.kind = 'echo' AND d.acked_at IS NULL ORDER BY p.sent_at DESC LIMIT 1"""
        assert (await db.fetchval(sql, CDN)).total_seconds() == CDN_ECHO

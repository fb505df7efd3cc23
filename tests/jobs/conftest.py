from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from app.db.engines import EVERYONE, writing
from app.settings import Settings, settings
from jobs import nodes as jobs_nodes
from jobs.edges import Edges
from tests.jobs.listeners import Node, two_nodes


@pytest.fixture
async def nodes() -> AsyncIterator[list[Node]]:
    """Two edge nodes; `edges` purges both."""
    async with two_nodes() as both:
        yield both


@pytest.fixture
def edged(nodes: list[Node]) -> Settings:
    """The shop's settings with both nodes in front and short times."""
    urls = " ".join(node.url for node in nodes)
    return msgspec.structs.replace(settings(), edge_nodes=urls, echo_seconds="0.1", fence_seconds=0.2)


@pytest.fixture
async def edges(edged: Settings, nodes: list[Node]) -> AsyncIterator[Edges]:
    """The relay's rounds; both nodes have joined, and nothing is due yet."""
    await jobs_nodes.enrol(edged)
    for node in nodes:
        node.tags, node.requests = [], 0
    relay = Edges(edged)
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    yield relay
    await relay.close()

from __future__ import annotations

import asyncio

import pytest

from app.db.engines import EVERYONE, reading
from app.edge import tags
from app.settings import Settings
from jobs.canary import Canary
from jobs.edges import Edges
from tests.jobs.listeners import Node

pytestmark = pytest.mark.usefixtures("databases")


async def test_the_canary_is_purged_like_any_change_but_not_repeated(
    nodes: list[Node], edges: Edges, edged: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await edges.step()
    canary = Canary(edged)
    shown = {"version": -1}

    async def show(node: str) -> int:
        return shown["version"]

    monkeypatch.setattr(canary, "_shown", show)
    measuring = asyncio.create_task(canary.step())
    await asyncio.sleep(0.05)
    await edges.step()
    async with reading(EVERYONE) as db:
        shown["version"] = await db.fetchval("SELECT version FROM edge_canary")
    await measuring

    assert [node.tags for node in nodes] == [[tags.canary()], [tags.canary()]]
    async with reading(EVERYONE) as db:
        assert not await db.fetchval("SELECT count(*) FROM outbox WHERE done_at IS NULL")
        took = await db.fetch("SELECT canary_ms FROM edge_node WHERE canary_at IS NOT NULL")
    assert len(took) == 2
    assert all(50 <= row["canary_ms"] < 10_000 for row in took)


async def test_without_an_interval_nothing_is_measured(edged: Settings) -> None:
    import msgspec

    silent = Canary(msgspec.structs.replace(edged, canary_seconds=0))
    async with reading(EVERYONE) as db:
        before = await db.fetchval("SELECT version FROM edge_canary")

    await silent.step()

    async with reading(EVERYONE) as db:
        assert await db.fetchval("SELECT version FROM edge_canary") == before

"""Purges by hand: sends tags to every edge node, gathers what each answered, and has the relay repeat it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Set
from typing import Any

import msgspec

from app.ops.targets import Ask, NoTarget, Tags, tags_of
from app.settings import Settings
from app.values import Refusal


class NotAgreed(Refusal):
    say = "Nothing was purged."
    status = 1


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One node's: how many kept objects went out of date, None with the reason in `error`."""

    node: str
    purged: int | None
    ms: float
    error: str | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was purged; `nodes` is empty and nothing is repeated after a dry run. `repeated_after`: seconds."""

    tags: Tags
    nodes: list[Answer] = []
    repeated_after: tuple[float, ...] = ()

    @property
    def unconfirmed(self) -> int:
        return sum(answer.error is not None for answer in self.nodes)

    @property
    def purged(self) -> int:
        return sum(answer.purged or 0 for answer in self.nodes)


async def purge(shop: Settings, ask: Ask) -> Report:
    """Every node was asked to forget what `ask` names; the relay repeats it for fetches that were under way."""
    from app.db import outbox
    from app.db.engines import EVERYONE, writing

    found = await tags_of(shop, ask)
    nodes = await _tell(shop.purge_urls, found.keys())
    async with writing(EVERYONE) as db:
        await outbox.echo(db, found.keys(), shop.echoes)
    return Report(tags=found, nodes=nodes, repeated_after=shop.echoes)


async def rehearse(shop: Settings, ask: Ask) -> Report:
    """What `purge` would send; nothing is sent."""
    return Report(tags=await tags_of(shop, ask))


def run(shop: Settings, work: Callable[[Settings, Ask], Coroutine[Any, Any, Report]], ask: Ask) -> Report:
    """`purge` or `rehearse` with the databases open, in a loop of its own."""
    from app.db.engines import close_databases, open_databases

    async def opened() -> Report:
        await open_databases(shop)
        try:
            return await work(shop, ask)
        finally:
            await close_databases()

    return asyncio.run(opened())


def must_have_edge(shop: Settings) -> None:
    """Raises NoTarget where nothing is kept."""
    if not shop.purge_urls:
        raise NoTarget("This shop runs without an edge, so no page is kept and none can be purged.")


async def _tell(nodes: tuple[str, ...], found: Set[str]) -> list[Answer]:
    from anyio.lowlevel import checkpoint

    from app.edge import purge as edge

    async def told(node: str) -> Answer:
        began = time.perf_counter()
        (ack,) = await edge.purge([node], found)
        took = round((time.perf_counter() - began) * 1000, 1)
        return Answer(node=node, purged=ack.count, ms=took, error=ack.error)

    try:
        await checkpoint()  # loads what httpx connects with; the next line makes its client:
        await edge.purge(nodes, set())  # 0.2 s that would else be told as the nodes' own
        return list(await asyncio.gather(*(told(node) for node in nodes)))
    finally:
        await edge.close()

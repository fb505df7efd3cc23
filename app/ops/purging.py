"""Purges by hand: sends tags to every edge node, gathers what each answered, and has the relay repeat it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from app.edge import tags
from app.ops.estimating import Estimate, estimate
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
    """What was purged; `nodes` is empty and nothing is repeated after a dry run. `repeated_after`: seconds.

    `waves`: how many the relay sends, `wave_seconds` apart, instead of one purge now.
    """

    tags: Tags
    nodes: list[Answer] = []
    repeated_after: tuple[float, ...] = ()
    waves: int = 0
    wave_seconds: float = 0
    cdn: bool = False
    estimate: Estimate | None = None

    @property
    def unconfirmed(self) -> int:
        return sum(answer.error is not None for answer in self.nodes)

    @property
    def purged(self) -> int:
        return sum(answer.purged or 0 for answer in self.nodes)

    @property
    def cleared_ms(self) -> float | None:
        """Milliseconds until the last node confirmed; None while one has not."""
        return None if self.unconfirmed else max((answer.ms for answer in self.nodes), default=0.0)


async def purge(shop: Settings, ask: Ask) -> Report:
    """Every node was asked to forget what `ask` names. The relay repeats it, and brings it to a node that failed and the CDN."""
    from app.edge import by_hand
    from app.edge import purge as edge

    found = await tags_of(shop, ask)
    edge.client()  # takes 0.2 s to make, that would else be told as the nodes' own
    try:
        acks = await by_hand.forget(shop, found.keys(), who="command line")
    finally:
        await edge.close()
    nodes = [Answer(node=ack.node, purged=ack.count, ms=ack.ms, error=ack.error) for ack in acks]
    return Report(tags=found, nodes=nodes, repeated_after=shop.echoes, cdn=bool(shop.cdn))


async def in_waves(shop: Settings, ask: Ask) -> Report:
    """The relay purges everything, what is most visited first, with a pause after each part."""
    from app.db import outbox
    from app.db.engines import EVERYONE, writing

    waves = tags.waves()
    async with writing(EVERYONE) as db:
        for number, wave in enumerate(waves):
            await outbox.later(db, "wave", {wave}, number * shop.wave_seconds)
    return Report(tags=await tags_of(shop, ask), waves=len(waves), wave_seconds=shop.wave_seconds, cdn=bool(shop.cdn))


async def rehearse(shop: Settings, ask: Ask) -> Report:
    """What `purge` would send, and about what that costs; nothing is sent."""
    found = await tags_of(shop, ask)
    return Report(tags=found, estimate=await estimate(shop, found.keys()))


def run(shop: Settings, work: Callable[[Settings, Ask], Coroutine[Any, Any, Report]], ask: Ask) -> Report:
    """One of `purge`, `in_waves` and `rehearse` with the databases open, in a loop of its own."""
    from app.db.engines import close_databases, open_databases

    async def opened() -> Report:
        await open_databases(msgspec.structs.replace(shop, replica_dsns=""))
        try:
            return await work(shop, ask)
        finally:
            await close_databases()

    return asyncio.run(opened())


def must_have_edge(shop: Settings) -> None:
    """Raises NoTarget where nothing is kept."""
    if not shop.purge_urls:
        raise NoTarget("This shop runs without an edge, so no page is kept and none can be purged.")

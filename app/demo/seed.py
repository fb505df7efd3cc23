"""Fills the catalogue: the demo shop, or as many products as a test of size needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import islice

import asyncpg
import msgspec

from app.db.sharding import Shard, read_shards
from app.demo import catalogue, staff
from app.demo.copying import connect, write_shards, write_shared
from app.demo.draft import Draft
from app.demo.foundation import chosen, foundation
from app.demo.photographs import photographed
from app.demo.reviews import reviews
from app.demo.rows import Batch, Shop, batch_of
from app.settings import Settings
from app.values import Refusal, now

MOST = 2_000_000
AT_ONCE = 1_000  # products in memory and in one transaction

NEXT = (
    "SELECT coalesce(max(rank) + 1 - $1::int, 0) FROM product WHERE rank >= $1"  # number of the next generated product
)

Progress = Callable[[str, int, int], None]


class BadAmount(Refusal):
    """Not an amount of products that can be made."""

    status = 2


class Target(msgspec.Struct, frozen=True):
    """Open connections, to the shared database and to each shard, and what rows need to know."""

    shared: asyncpg.Connection
    shards: tuple[Shard, ...]
    connections: list[asyncpg.Connection]
    shop: Shop


async def seed(settings: Settings, what: str, progress: Progress) -> None:
    """`what` is "demo", a number of products, or "none". A shop that has products gets no demo; a number always adds.

    Raises BadAmount for anything else. `progress(step, done, total)` counts products.
    """
    count = amount(what)
    if count is None:
        return
    async with _target(settings) as target:
        empty = not await target.shared.fetchval("SELECT EXISTS (SELECT FROM product)")
        if what == "demo" and not empty:
            progress("the demo shop: products are there already, nothing to do", 1, 1)
            return
        await _base(target, settings)
        if what == "demo":
            await _demo(target, progress)
        else:
            await _many(target, count, empty, progress)
        await _measure(target)


def amount(what: str) -> int | None:
    """How many products: None for "none", 1 .. 2,000,000. Raises BadAmount with a sentence."""
    if what == "none":
        return None
    if what == "demo":
        return catalogue.DEMO
    if not (what.isascii() and what.isdigit()):
        raise BadAmount(f"{what!r} is not a number of products: say demo, none or a number from 1 to {MOST:,}.")
    if not 1 <= (count := int(what)) <= MOST:
        raise BadAmount(f"{what} products can't be made: the number goes from 1 to {MOST:,}.")
    return count


@asynccontextmanager
async def _target(settings: Settings) -> AsyncIterator[Target]:
    """Connections to everything that will be written, closed afterwards."""
    shards = read_shards(settings.shards)
    opened: list[asyncpg.Connection] = []
    try:
        opened.append(await connect(settings.shared_dsn))
        for shard in shards:
            opened.append(await connect(shard.dsn, shard.schema))
        yield Target(opened[0], shards, opened[1:], Shop(_this_hour(), settings.market))
    finally:
        for connection in opened:
            await connection.close()


async def _base(target: Target, settings: Settings) -> None:
    """Makers, tree, types and the rest, unless a maker is there; someone who can sign in, unless someone is."""
    if not await target.shared.fetchval("SELECT EXISTS (SELECT FROM maker)"):
        await write_shared(target.shared, foundation())
    if not await target.shared.fetchval("SELECT EXISTS (SELECT FROM staff)"):
        await staff.add(target.shared, settings)


async def _demo(target: Target, progress: Progress) -> None:
    """The demo shop in one transaction per database: it is there whole or not at all."""
    ranked = catalogue.demo()
    progress("the demo shop", 0, len(ranked))
    batch = batch_of(ranked, target.shop, list(reviews(ranked, target.shop.now)))
    chosen(batch, {draft.slug: rank for rank, draft in ranked})
    await asyncio.to_thread(photographed, batch, ranked)
    await _write(target, batch)
    progress("the demo shop", len(ranked), len(ranked))


async def _many(target: Target, count: int, empty: bool, progress: Progress) -> None:
    """A big shop, a thousand products at a time; while one thousand is written the next is made up."""
    start = await target.shared.fetchval(NEXT, catalogue.GENERATED)
    parts = _parts(catalogue.many(count, start, empty))
    done = 0
    progress("products", 0, count)
    batch = await asyncio.to_thread(_next, parts, target.shop)
    while batch:
        writing = asyncio.create_task(_write(target, batch))
        following = await asyncio.to_thread(_next, parts, target.shop)
        await writing
        done += batch.products
        progress("products", done, count)
        batch = following


def _next(parts: Iterator[list[tuple[int, Draft]]], shop: Shop) -> Batch | None:
    """The rows of the next part, None after the last."""
    part = next(parts, None)
    if part is None:
        return None
    written = [pair for pair in part if pair[0] < catalogue.GENERATED]
    batch = batch_of(part, shop, list(reviews(written, shop.now)))
    chosen(batch, {draft.slug: rank for rank, draft in written})
    return batch


def _parts(ranked: Iterator[tuple[int, Draft]]) -> Iterator[list[tuple[int, Draft]]]:
    while part := list(islice(ranked, AT_ONCE)):
        yield part


async def _write(target: Target, batch: Batch) -> None:
    """Stock first: a product that can be seen can be bought."""
    await write_shards(target.connections, target.shards, batch)
    await write_shared(target.shared, batch)


async def _measure(target: Target) -> None:
    """The planner knows the new sizes at once, not when autovacuum comes by."""
    await target.shared.execute("ANALYZE product, variant, price, stock_band, picture, product_picture, review")
    for connection in target.connections:
        await connection.execute("ANALYZE stock, stock_ledger")


def _this_hour() -> datetime:
    """Dates in the shop are relative to it."""
    return now().replace(minute=0, second=0, microsecond=0)

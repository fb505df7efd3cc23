"""From commit to gone: how long the edge still serves what an edit made untrue, under edits and full read load."""

from __future__ import annotations

import asyncio
import statistics
import time
from itertools import count

import asyncpg
import msgspec

from app.bench._load import CONNECTIONS, program
from app.bench._reading import Reader, edit, versioned_products
from app.settings import Settings

EDITS = 50  # a second
PRODUCTS = 25
BOUND = 1.0  # seconds after a commit from which nobody may see what was before
LOST = 5.0


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from an edit's commit until a reader sees it; `stale`: reads that showed something older than the bound."""

    edits: int
    p50: float
    p99: float
    longest: float
    reads: int
    stale: int
    never: int


class _Product:
    """One product under edits: what was committed when, and what a reader still waits for."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.waiting: dict[int, float] = {}
        self.past: list[tuple[float, int]] = []

    def committed(self, version: int) -> None:
        at = time.monotonic()
        self.waiting[version] = at
        self.past.append((at, version))

    def must_show(self, at: float) -> int:
        """The newest version that is older than the bound."""
        return max((version for since, version in self.past if since <= at - BOUND), default=0)


async def measure(now: Settings, seconds: float) -> Latency:
    """Edits for so long, 50 a second over 25 products, while wrk reads as fast as it can."""
    async with (
        asyncpg.create_pool(now.shared_dsn, min_size=4, max_size=8) as pool,
        versioned_products(pool, PRODUCTS, now.market, now.currency) as slugs,
    ):
        products = [_Product(slug) for slug in slugs]
        await _warm(now.port, slugs)
        load = await asyncio.create_subprocess_exec(
            program(), "-t1", f"-c{CONNECTIONS}", f"-d{int(seconds) + 2}s", "-H", "Accept-Encoding: gzip",
            f"http://localhost:{now.port}/p/{slugs[0]}", stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        ended = asyncio.Event()
        watchers = [asyncio.create_task(_watch(now.port, product, ended)) for product in products]
        await _edits(pool, products, seconds)
        await asyncio.sleep(BOUND)
        ended.set()
        watched = await asyncio.gather(*watchers)
        await load.wait()
    return _summary(watched, sum(len(product.past) for product in products))


async def _warm(port: int, slugs: list[str]) -> None:
    reader = Reader(port)
    for slug in slugs:
        await reader.get(f"/p/{slug}")
    await asyncio.sleep(BOUND)
    reader.close()


async def _edits(pool: asyncpg.Pool, products: list[_Product], seconds: float) -> None:
    started, edits = time.monotonic(), []
    for number in count(1):
        due = started + number / EDITS
        if due > started + seconds:
            break
        await asyncio.sleep(due - time.monotonic())
        edits.append(asyncio.create_task(_edit(pool, products[number % len(products)], number)))
    await asyncio.gather(*edits)


async def _edit(pool: asyncpg.Pool, product: _Product, version: int) -> None:
    await edit(pool, product.slug, version)
    product.committed(version)


class _Watched(msgspec.Struct):
    """What one product's reader saw."""

    latencies: list[float] = []
    reads: int = 0
    stale: int = 0
    never: int = 0


async def _watch(port: int, product: _Product, ended: asyncio.Event) -> _Watched:
    """Reads the product's page while an edit of it is not seen yet."""
    reader, path, saw = Reader(port), f"/p/{product.slug}", _Watched()
    while (product.waiting and time.monotonic() - min(product.waiting.values()) < LOST) or not ended.is_set():
        if product.waiting:
            asked = time.monotonic()
            shown = await reader.version(path)
            saw.reads += 1
            saw.stale += shown < product.must_show(asked)
            seen = [version for version in product.waiting if version <= shown]
            saw.latencies += [time.monotonic() - product.waiting.pop(version) for version in seen]
        await asyncio.sleep(0.005)
    reader.close()
    saw.never = len(product.waiting)
    return saw


def _summary(watched: list[_Watched], edits: int) -> Latency:
    latencies = sorted(latency * 1000 for one in watched for latency in one.latencies)
    cuts = statistics.quantiles(latencies, n=100, method="inclusive")
    return Latency(
        edits=edits,
        p50=round(cuts[49], 1),
        p99=round(cuts[98], 1),
        longest=round(latencies[-1], 1),
        reads=sum(one.reads for one in watched),
        stale=sum(one.stale for one in watched),
        never=sum(one.never for one in watched),
    )

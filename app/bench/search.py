"""`vitrine bench search`: what a search costs that nobody has asked before, on a shop of its own, at two sizes.

Every question is asked once, at the origin, so that no copy of ours answers; beside it, what PostgreSQL takes to count the
same words by the bare index.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence

import asyncpg
import httpx
import msgspec
from rich.console import Console
from rich.table import Table

from app.bench import _wordy
from app.bench._shop import Shop, a_shop
from app.ops.output import show
from app.search import finding
from app.values import Refusal

SMALL, PRODUCTS, MOST = 1_000, 100_000, 1_000_000
QUESTIONS = 30  # of each kind
BARE = "SELECT count(*) FROM search_entry WHERE document @@ plainto_tsquery('public.shop', $1)"
FORM = {"X-Vitrine-Form": "anonymous"}


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of question at one size: milliseconds to the whole answer, and of the bare count."""

    products: int
    kind: str
    median: float
    p95: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.median / self.bare


def run(args: Sequence[str]) -> None:
    """Measures at 1,000 and at `--products N` (100,000) for about three minutes. `--json` prints the figures as JSON."""
    products = _products([arg for arg in args if arg != "--json"])
    with a_shop() as shop:
        found = asyncio.run(_measured(shop, products))
    if "--json" in args:
        show([msgspec.to_builtins(pace) | {"ratio": pace.ratio} for pace in found])
    else:
        _print(found)


def _products(args: Sequence[str]) -> int:
    match list(args):
        case []:
            return PRODUCTS
        case ["--products", number] if number.isascii() and number.isdigit() and SMALL < int(number) <= MOST:
            return int(number)
    raise Refusal(f"bench search takes --products N, from {SMALL + 1:,} to {MOST:,}, and --json; not {' '.join(args)}")


async def _measured(shop: Shop, products: int) -> list[Pace]:
    connection = await asyncpg.connect(shop.now.shared_dsn)
    found, there = [], 0
    try:
        for size in (SMALL, products):
            await _wordy.fill(connection, there, size - there, refreshed=("search_refresh", "refresh_facets"))
            there = size
            found += [
                await _pace(shop, connection, size, kind, asked) for kind, asked in _wordy.questions(QUESTIONS).items()
            ]
        return found
    finally:
        await connection.close()


async def _pace(shop: Shop, connection: asyncpg.Connection, size: int, kind: str, asked: Sequence[str]) -> Pace:
    path = "/_f/suggest" if kind.startswith("suggestions") else "/search"
    whole, bare = [], []
    async with httpx.AsyncClient(base_url=f"http://localhost:{shop.now.port}", headers=FORM, timeout=30) as client:
        await client.get(path, params={"q": "warm"})  # the connection, not the question
        for question in asked:
            started = time.perf_counter()
            (await client.get(path, params={"q": question})).raise_for_status()
            whole.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
            await connection.fetchval(BARE, question)
            bare.append((time.perf_counter() - started) * 1000)
    p95 = statistics.quantiles(whole, n=20)[-1]
    return Pace(products=size, kind=kind, median=statistics.median(whole), p95=p95, bare=statistics.median(bare))


def _print(found: Sequence[Pace]) -> None:
    sizes = sorted({pace.products for pace in found})
    table = Table("question", *(f"{size:,}: median ms" for size in sizes), "p95 ms", "bare count ms", "ratio", "growth")
    for kind in dict.fromkeys(pace.kind for pace in found):
        small, big = [pace for pace in found if pace.kind == kind]
        table.add_row(kind, f"{small.median:.1f}", f"{big.median:.1f}", f"{big.p95:.1f}", f"{big.bare:.2f}",
                      f"{big.ratio:.1f}", f"{big.median / small.median:.1f}")  # fmt: skip
    Console().print(table)
    Console().print(
        f"Compared and counted are {finding.MOST:,} products at most, so what a question costs grows with the products that have its words "
        "up to there; past that only their list in the index grows with them, and is read whole. Near spellings grow with the vocabulary."
    )

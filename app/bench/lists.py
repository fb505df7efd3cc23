"""`vitrine bench lists`: what a category page with facets costs that no copy answers, on a shop of its own, at three sizes.

Each page is asked for at the origin; beside it, what PostgreSQL takes to find the same page's products and nothing else.
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
from app.values import Refusal

SIZES = (1_000, 20_000, 100_000)
MOST = 1_000_000
TIMES = 12  # each kind of page is asked for
LONGEST = 80.0  # ms: the median of a page of up to 100,000 products
FORM = {"X-Vitrine-Form": "anonymous"}
BARE = """
    SELECT f.product_id FROM product_facet f
    WHERE f.category_id = ANY(ARRAY(SELECT id FROM category WHERE path = $1 OR starts_with(path, $1 || '/'))){narrowed}
    ORDER BY {order}, f.product_id LIMIT 24 OFFSET {after}
"""
IDS = "SELECT array_agg(id) FROM facet_value WHERE name = $1 AND value = ANY($2)"


class Kind(msgspec.Struct, frozen=True):
    """A kind of page: its category, what it is narrowed by (one of the values is asked for in turn), order and number."""

    title: str
    category: str
    chosen: dict[str, int] = {}
    sort: str = ""
    page: int = 1

    def values(self, at: int) -> dict[str, list[str]]:
        """Facet -> values chosen the `at`-th time."""
        return {
            name: [str((at + more) % _wordy.FACETS[name]) for more in range(many)] for name, many in self.chosen.items()
        }


KINDS = (
    Kind("a big category", _wordy.BIG),
    Kind("a small category", _wordy.SMALL),
    Kind("one value chosen", _wordy.BIG, {"material": 1}),
    Kind("three values chosen", _wordy.BIG, {"material": 1, "colour": 2}),
    Kind("by price", _wordy.BIG, sort="price-up"),
    Kind("page 5", _wordy.BIG, page=5),
    Kind("everything", _wordy.ALL),
    Kind("one value of everything", _wordy.ALL, {"material": 1}),
)


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of page at one size: milliseconds to the whole answer, of processors for it, and of the bare statement."""

    products: int
    kind: str
    median: float
    p95: float
    cpu: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.median / self.bare


def run(args: Sequence[str]) -> None:
    """Measures at 1,000, 20,000 and `--products N` (100,000) for about two minutes. `--json` prints the figures as JSON.

    Exit status 1 when a page of up to 100,000 products takes longer than 80 ms (median), which is said in words.
    """
    sizes = _sizes([arg for arg in args if arg != "--json"])
    with a_shop() as shop:
        found = asyncio.run(_measured(shop, sizes))
    if "--json" in args:
        show([msgspec.to_builtins(pace) | {"ratio": pace.ratio} for pace in found])
    else:
        _print(found)
    if late := too_long(found):
        raise SystemExit("\n".join(late))


def too_long(found: Sequence[Pace]) -> list[str]:
    """The pages that miss the target, as sentences."""
    return [
        f"{pace.kind} takes {pace.median:.0f} ms at {pace.products:,} products; the target is under {LONGEST:g} ms."
        for pace in found
        if pace.products <= SIZES[-1] and pace.median >= LONGEST
    ]


def _sizes(args: Sequence[str]) -> tuple[int, ...]:
    match list(args):
        case []:
            return SIZES
        case ["--products", number] if number.isascii() and number.isdigit() and SIZES[1] < int(number) <= MOST:
            return (*SIZES[:-1], int(number))
    raise Refusal(
        f"bench lists takes --products N, from {SIZES[1] + 1:,} to {MOST:,}, and --json; not {' '.join(args)}"
    )


async def _measured(shop: Shop, sizes: Sequence[int]) -> list[Pace]:
    connection = await asyncpg.connect(shop.now.shared_dsn)
    found, there = [], 0
    try:
        for size in sizes:
            await _wordy.fill(connection, there, size - there, refreshed=("refresh_facets",))
            there = size
            found += [await _pace(shop, connection, size, kind) for kind in KINDS]
        return found
    finally:
        await connection.close()


async def _pace(shop: Shop, connection: asyncpg.Connection, size: int, kind: Kind) -> Pace:
    whole, bare = [], []
    async with httpx.AsyncClient(base_url=f"http://localhost:{shop.now.port}", headers=FORM, timeout=30) as client:
        await _get(client, kind, 0)  # the connection, and plans
        spent = _cpu(shop)
        for at in range(TIMES):
            whole.append(await _get(client, kind, at))
        spent = _cpu(shop) - spent
        for at in range(TIMES):
            bare.append(await _bare(connection, kind, at))
    p95 = statistics.quantiles(whole, n=20)[-1]
    median = statistics.median(whole)
    return Pace(products=size, kind=kind.title, median=median, p95=p95, cpu=spent / TIMES, bare=statistics.median(bare))


def _cpu(shop: Shop) -> float:
    spent = shop.cpu_ms()
    return spent["web"] + spent["postgres"]


async def _get(client: httpx.AsyncClient, kind: Kind, at: int) -> float:
    query = [(f"f_{name}", value) for name, values in kind.values(at).items() for value in sorted(values)]
    query += [("page", str(kind.page))] * (kind.page > 1) + [("sort", kind.sort)] * bool(kind.sort)
    started = time.perf_counter()
    answer = await client.get(f"/c/{kind.category}", params=sorted(query))
    if answer.status_code not in (200, 404):  # in a small shop there is no page 5
        answer.raise_for_status()
    return (time.perf_counter() - started) * 1000


async def _bare(connection: asyncpg.Connection, kind: Kind, at: int) -> float:
    asked = kind.values(at).items()
    ids = [await connection.fetchval(IDS, f"f_{name}", values) for name, values in asked]
    narrowed = "".join(f" AND f.facets && ${number}::int[]" for number in range(2, len(ids) + 2))
    sql = BARE.format(narrowed=narrowed, order="f.price" if kind.sort else "f.rank", after=(kind.page - 1) * 24)
    started = time.perf_counter()
    await connection.fetch(sql, kind.category, *ids)
    return (time.perf_counter() - started) * 1000


def _print(found: Sequence[Pace]) -> None:
    sizes = sorted({pace.products for pace in found})
    table = Table(
        "page", *(f"{size:,}: median ms" for size in sizes), "p95 ms", "CPU ms", "bare page ms", "ratio", "growth"
    )
    for kind in dict.fromkeys(pace.kind for pace in found):
        paces = [pace for pace in found if pace.kind == kind]
        big = paces[-1]
        table.add_row(kind, *(f"{pace.median:.1f}" for pace in paces), f"{big.p95:.1f}", f"{big.cpu:.1f}",
                      f"{big.bare:.2f}", f"{big.ratio:.1f}", f"{big.median / paces[0].median:.1f}")  # fmt: skip
    Console().print(table)
    Console().print(
        f"A fifth of the products are in the big category. Counts are exact sums: what a page costs grows with the values there are, and where "
        f"something is chosen with the products that fit or don't, whichever are fewer; {sizes[-1] / sizes[0]:.0f} times as many products here."
    )

"""`vitrine bench orders`: how fast orders are kept, as ratios taken in one run on a shop of its own.

Reservations of one variant in batches against one by one; whole orders over HTTP (pressing the button, paid at once)
against pgbench's TPC-B-like transactions on the same PostgreSQL; waiting at half that rate, with and without Redis.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import statistics
import subprocess
from collections import deque
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from app.bench import _buyers, _placing, _reservations, _targets
from app.bench._shop import Shop, a_shop
from app.db.engines import EVERYONE, close_databases, open_databases, reading
from app.ops.output import show
from app.values import Refusal

ROUNDS, SECONDS = 3, 4
BUYERS = 4_000
PAUSE = 2.0  # seconds between phases
COUNTERS = """
    SELECT (SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = current_database())::float8 AS transactions,
        (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal')::float8 AS syncs
"""


class Found(msgspec.Struct, kw_only=True):
    """The figures of one run; rates per second, waits in milliseconds."""

    batched: list[_reservations.Pace]
    alone: list[_reservations.Pace]
    pgbench: list[float] = []
    orders: list[float] = []
    per_order: dict[str, float] = {}
    waits: dict[str, dict[str, float]] = {}

    @property
    def reservations_ratio(self) -> float:
        return statistics.median(b.rate / a.rate for b, a in zip(self.batched, self.alone, strict=True))

    @property
    def orders_ratio(self) -> float:
        return statistics.median(o / p for o, p in zip(self.orders, self.pgbench, strict=True))

    @property
    def missed(self) -> list[str]:
        return _targets.missed(self.reservations_ratio, self.waits)


def run(args: Sequence[str]) -> None:
    """Starts a shop of its own and measures it for about a minute. `--json` prints the figures as JSON.

    Exit status 1 when a target of `_targets` is missed, which is said in words.
    """
    if set(args) - {"--json"}:
        raise Refusal(f"bench orders takes nothing but --json, not {' '.join(args)}")
    with a_shop(payment_provider="instant") as shop:
        found = asyncio.run(_measured(shop))
    if "--json" in args:
        ratios = {"reservations_ratio": found.reservations_ratio, "orders_ratio": found.orders_ratio}
        show(msgspec.to_builtins(found) | ratios | {"missed": found.missed})
    else:
        _print(found)
    if found.missed:
        raise SystemExit(1)


async def _measured(shop: Shop) -> Found:
    await open_databases(shop.now)
    try:
        batched, alone = await _reservations.in_turn(rounds=ROUNDS, seconds=2)
        found = Found(batched=batched, alone=alone)
        await _orders(shop, found)
        return found
    finally:
        await close_databases()


async def _orders(shop: Shop, found: Found) -> None:
    crowd = await _buyers.buyers(await _buyers.at_the_desk(), BUYERS, shop.now)
    _pgbench(shop, "-i", "-q")
    await _placing.at_full_speed(crowd, shop.now.port, 1)
    placed = 0
    for _ in range(ROUNDS):
        found.pgbench.append(_tps(_pgbench(shop, "-n", f"-c{_placing.CONNECTIONS}", "-j2", f"-T{SECONDS}")))
        before = await _counters(shop)
        done = await _placing.at_full_speed(crowd, shop.now.port, SECONDS)
        _add(found.per_order, await _counters(shop), before)
        _check(done)
        found.orders.append(done.rate)
        placed += len(done.waits)
    found.per_order = {name: total / placed for name, total in found.per_order.items()}
    await _waits(shop, found, crowd)


async def _waits(shop: Shop, found: Found, crowd: deque[bytes]) -> None:
    """At half the rate: as it is, and with Redis standing still, which is worse than one that is gone."""
    half = statistics.median(found.orders) / 2
    redis = shop.pids().get("redis")
    for name in ("with Redis", "Redis hangs"):
        await asyncio.sleep(PAUSE)
        if redis and name == "Redis hangs":
            os.kill(redis, signal.SIGSTOP)
        try:
            done = await _placing.at_rate(crowd, shop.now.port, half, seconds=SECONDS)
        finally:
            if redis and name == "Redis hangs":
                os.kill(redis, signal.SIGCONT)
        waited = {"p50": done.percentile(0.5), "p99": done.percentile(0.99)}
        found.waits[name] = {"rate": half, **waited, "errors": len(done.bad)}


def _check(done: _placing.Run) -> None:
    if done.bad or not done.waits:
        raise Refusal(f"{len(done.bad)} of {len(done.waits)} orders were not placed: {done.bad[:1]}")


async def _counters(shop: Shop) -> dict[str, float]:
    """Transactions, fsyncs of the log and processor time so far."""
    await asyncio.sleep(PAUSE)  # backends report what they did at most once a second
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(COUNTERS)
    assert row is not None
    return dict(row) | {f"ms of CPU, {part}": spent for part, spent in shop.cpu_ms().items()}


def _add(sums: dict[str, float], now: dict[str, float], then: dict[str, float]) -> None:
    for name, value in now.items():
        sums[name] = sums.get(name, 0.0) + value - then[name]


def _pgbench(shop: Shop, *flags: str) -> str:
    command = [shop.program("pgbench"), *flags, "-h", str(shop.home.run), "-U", "vitrine", "-s10", "vitrine"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise Refusal(f"pgbench failed: {done.stderr.strip()[-300:]}")
    return done.stdout


def _tps(said: str) -> float:
    found = re.search(r"tps = ([\d.]+)", said)
    assert found, said
    return float(found[1])


def _print(found: Found) -> None:
    out = Console()
    table = Table("reservations of one variant", "per second", "p50 ms", "p99 ms", "in a batch", "ratio")
    for name, paces, ratio in (("one by one", found.alone, 1.0), ("batched", found.batched, found.reservations_ratio)):
        rate, p50, p99, batch = (
            statistics.median(getattr(p, key) for p in paces) for key in ("rate", "p50", "p99", "batch")
        )
        table.add_row(name, f"{rate:,.0f}", f"{p50:.1f}", f"{p99:.1f}", f"{batch:.0f}", f"{ratio:.1f}")
    out.print(table)
    table = Table("whole orders", "per second", "ratio")
    table.add_row("pgbench, TPC-B-like", f"{statistics.median(found.pgbench):,.0f}", "1.000")
    table.add_row("orders placed over HTTP", f"{statistics.median(found.orders):,.0f}", f"{found.orders_ratio:.3f}")
    out.print(table)
    table = Table("per order", "", *found.waits)
    for name, amount in found.per_order.items():
        table.add_row(name, f"{amount:.1f}")
    for key in ("rate", "p50", "p99"):
        unit = " of placing at half the rate, ms" if key != "rate" else " of placing, per second"
        table.add_row(key + unit, "", *(f"{told[key]:.1f}" for told in found.waits.values()))
    out.print(table)
    for words in found.missed or ["Every target is met."]:
        out.print(words)

"""`vitrine bench chaos`: shoppers buy while something is killed, stopped or emptied every few seconds; nothing may be lost.

Starts a shop of its own, whose shoppers pay on the test provider's page: most cards are accepted, some of their webhooks come
three times or outdated, some are declined, and some shoppers never come back. Ends with every invariant of `orders verify` and every order a shopper was shown; meanwhile, where there is an edge, others
read through it and find nobody's name and no cookie in what it keeps.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
import rich_click as click

from app.bench import _buyers, _once
from app.bench._crowd import Crowd
from app.bench._mayhem import Blow, Mayhem, recoveries
from app.bench._onlookers import Onlookers, Watch
from app.bench._shop import Shop, a_shop
from app.db.engines import EVERYONE, all_shards, close_databases, open_databases, reading
from app.ops import verify
from app.ops.output import show, table
from app.values import Refusal, read_bucket_mark

PAUSE = 3.5  # seconds from one fault to the next, give or take a half: each kind comes within a minute
QUIET = 120.0  # seconds in the end in which relay and sweepers must get somewhere
LONGEST_QUIET = 600.0  # and be done
# A shop that mends itself within seconds, so that a short run shows it.
HASTY = {
    "stuck_seconds": "3", "sweep_every": "1", "redispatch_after": "2", "provider_timeout": "2", "payment_provider": "test",
    "pay_seconds": "20", "hold_seconds": "25",
}  # fmt: skip
ENDS = """
    SELECT count(*) FILTER (WHERE placed_at IS NOT NULL), count(*) FILTER (WHERE placed_at IS NULL AND NOT alive),
        count(*) FILTER (WHERE alive)
    FROM (SELECT placed_at, status IN ('placing', 'awaiting_payment') AS alive FROM orders) o
"""
ATTEMPTED = "SELECT count(*) FROM payment_attempt a JOIN orders o ON o.id = a.order_id WHERE a.id = $1"


class Found(msgspec.Struct, kw_only=True):
    """One run. `broken`: sentences that are not true in the end; `lost`: orders and payment pages that were shown and are not there.

    `pages`: payment pages shoppers came to; `paid`, `unpaid`: how the orders ended.
    """

    seed: int
    seconds: float
    tries: int
    acknowledged: int
    pages: int
    paid: int
    unpaid: int
    lost: int
    odd: list[str]
    broken: list[str]
    quiet_after: float
    blows: list[Blow]
    watch: Watch


@click.command()
@click.option("--minutes", type=click.FloatRange(0.1, 24 * 60), default=1.0)
@click.option("--seed", type=int, default=1)
@click.option("--rate", type=click.FloatRange(0.5, 200), default=15.0)
@click.option("--json", is_flag=True)
def _command(minutes: float, seed: int, rate: float, json: bool) -> None:
    edge = "true" if shutil.which("varnishd") else "false"
    with a_shop(edge=edge, **HASTY) as shop:
        found = asyncio.run(_run(shop, minutes * 60, seed, rate))
    if json:
        show(found)
    else:
        _print(found)
    if found.broken or found.lost or found.odd or found.watch.leaks:
        raise SystemExit(1)


def run(args: Sequence[str]) -> None:
    """`--minutes M` (1), `--seed N` (1), `--rate R` orders a second (15), `--json`. Exit status 1 when anything is wrong."""
    try:
        _command.main(list(args), prog_name="vitrine bench chaos", standalone_mode=False)
    except click.ClickException as wrong:
        raise Refusal(wrong.format_message()) from None


async def _run(shop: Shop, seconds: float, seed: int, rate: float) -> Found:
    await open_databases(shop.now)
    desks = await _buyers.at_the_desk()
    requests = await _buyers.buyers(desks, int(seconds * rate * 2) + 8, shop.now)
    dice = random.Random(seed)  # noqa: S311 - a run can be repeated
    crowd = Crowd(requests, shop.now.port, rate, random.Random(dice.random()))  # noqa: S311
    mayhem = Mayhem(shop, dice, PAUSE, lambda: max((heard for _, heard in crowd.acks), default=0.0))
    onlookers = Onlookers(shop.now, random.Random(dice.random()))  # noqa: S311
    await onlookers.arrive(desks[0].goods[0][0].variant_id)
    until = (started := time.monotonic()) + seconds
    await asyncio.gather(crowd.shop(until), mayhem.rage(until), onlookers.look_on(until))
    recoveries(mayhem.blows, crowd.acks, started)
    ended = time.monotonic()
    broken, lost = await _in_the_end(crowd, shop.home.mail)
    paid, unpaid, _ = await _ends()
    await close_databases()
    return Found(
        seed=seed, seconds=seconds, tries=crowd.tries, acknowledged=len(crowd.told), pages=len(crowd.pages), paid=paid,
        unpaid=unpaid, lost=lost, odd=crowd.odd[:5], broken=broken, quiet_after=time.monotonic() - ended, blows=mayhem.blows, watch=onlookers.watch,
    )  # fmt: skip


async def _in_the_end(crowd: Crowd, mails: Path) -> tuple[list[str], int]:
    """What is still not true when relay and sweepers have had their time, and how many of these orders and pages are missing."""
    started = until = time.monotonic()
    before: list[str] = []
    while True:
        try:
            ids = {number: await _order(number) for number in crowd.told}
            shown = {id: crowd.told[number] for number, id in ids.items() if id}
            lost = [*ids.values()].count(None) + len(crowd.pages) - await _paying(crowd.pages)
            broken = await _under_way() or await verify.violations(shown) or await _once.broken(crowd.sent, mails)
        except Refusal:  # a database that was killed last is still coming back
            broken, lost = ["the databases answer"], 0
        if broken != before:
            before, until = broken, min(time.monotonic() + QUIET, started + LONGEST_QUIET)
        if not broken or time.monotonic() > until:
            return broken, lost
        await asyncio.sleep(1)


async def _under_way() -> list[str]:
    """Who does not pay in time has no order, and nothing put aside."""
    _, _, waiting = await _ends()
    return [f"what nobody pays is over: {waiting} are not"] if waiting else []


async def _ends() -> tuple[int, int, int]:
    """Orders that were placed, that are over without, and that are neither."""
    sums = [0, 0, 0]
    for shard in all_shards():
        async with reading(shard.first) as db:
            row = await db.fetchrow(ENDS)
        assert row is not None
        sums = [many + more for many, more in zip(sums, row, strict=True)]
    return sums[0], sums[1], sums[2]


async def _paying(pages: Iterable[str]) -> int:
    """How many of these payment pages belong to an order's attempt."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch("SELECT attempt_id FROM test_payment WHERE id = ANY($1)", [UUID(page) for page in pages])
    there = 0
    for row in rows:
        async with reading(row["attempt_id"]) as db:
            there += await db.fetchval(ATTEMPTED, row["attempt_id"])
    return there


async def _order(number: str) -> UUID | None:
    bucket = read_bucket_mark(number[:2])
    assert bucket is not None, number
    async with reading(bucket) as db:
        return await db.fetchval("SELECT id FROM orders WHERE number = $1", number)


def _print(found: Found) -> None:
    table(
        [{"at s": f"{b.at:.1f}", "fault": b.what, "next order after s": _text(b.recovered)} for b in found.blows],
        "Nothing was broken.",
    )
    waits = [blow.recovered for blow in found.blows if blow.recovered is not None]
    if waits:
        click.echo(
            f"\nNext order: {statistics.median(waits):.2f} s after a fault in the middle, {max(waits):.2f} s at most."
        )
    click.echo(
        f"{found.acknowledged} orders and {found.pages} payment pages shown in {found.tries} requests and"
        f" {found.seconds:.0f} s, {found.lost} of them lost; {found.paid} orders paid, {found.unpaid} not. All was quiet"
        f" {found.quiet_after:.1f} s after the last. Seed {found.seed}."
    )
    watch = found.watch
    if watch.reads:
        click.echo(f"{watch.reads} reads by others, {watch.hits} of them hits and {watch.own} with their own name.")
    for words in (*found.broken, *found.odd, *watch.leaks[:5]):
        click.echo(f"NOT TRUE: {words}")
    if not found.broken:
        click.echo("Every invariant of `orders verify` is true.")


def _text(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f}"

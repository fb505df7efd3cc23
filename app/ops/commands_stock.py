"""stock: whether it adds up, and what somebody has counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import rich_click as click

from app.ops.output import as_json, ask, show, table


@click.group()
def stock() -> None:
    """Stock, over all shards."""


@stock.command("verify")
@click.option("--repair", is_flag=True, help="Mend what follows from reservations, ledger and stock; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def stock_verify(repair: bool, yes: bool, json: bool) -> None:
    """Check every variant: reserved and sold against the reservations, on hand against the ledger, bands against pages.

    Holds whose time is over and stock pinned for a payment that nobody makes count as well. --repair never makes or loses
    a unit of what is on hand; what only a person can settle is listed: count it, and say so with `stock set`.
    Exit status 1 when something is not right, and after --repair when something is left for a person.

    Examples:

      ./vitrine stock verify

      ./vitrine stock verify --repair --yes
    """
    from app.ops import stocktaking
    from app.ops.surroundings import answered

    if repair and not yes:
        ask("Counters, bands, overdue holds and pins of all shards are mended where they follow from what is there.")
    with _bar() as progress:
        taking = answered(stocktaking.verify(repair=repair, progress=progress))
    if json:
        show(taking)
    else:
        _tell(taking, repair=repair)
    if taking.people if repair else taking.counts:
        raise SystemExit(1)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """How much of the id space has been looked at, for people at a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Looking at stock")
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _tell(taking: object, *, repair: bool) -> None:
    from app.ops.stocktaking import Taking

    assert isinstance(taking, Taking)
    rows = [{"variant": e.variant_id, "what": e.what, "says": e.says, "but": e.but} for e in taking.found]
    table(rows, f"All is right with {taking.variants:,} variants.")
    for what, many in taking.counts.items():
        click.echo(f"{what}: {many:,}")
    if repair and taking.counts:
        click.echo(f"{taking.mended:,} mended.")
    if taking.people:
        click.echo("These need a person who counts, and says so with ./vitrine stock set SKU N:")
        table([{"variant": e.variant_id, "what": e.what, "says": e.says, "but": e.but} for e in taking.people], "")


@stock.command("set")
@click.argument("sku")
@click.argument("n", type=click.IntRange(min=0))
@click.option("--by", default="", metavar="NAME", help="Who counted, for the ledger.")
@as_json
def stock_set(sku: str, n: int, by: str, json: bool) -> None:
    """Somebody has counted: N units are on hand, those reserved for orders included; the ledger says so from now on.

    Example: ./vitrine stock set MUG-MOSS 12 --by ada
    """
    from app.ops import stocktaking
    from app.ops.surroundings import answered

    told = answered(stocktaking.count(sku, n, by[:80]))
    if json:
        show(told)
    else:
        click.echo(f"{sku}: {n:,} on hand ({told['difference']:+,}).")

"""edge status, warm: the whole edge at a glance, and filling it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rich_click as click

from app.ops.commands_edge import edge, nodes_named
from app.ops.output import as_json, show, table

if TYPE_CHECKING:
    from app.ops.warm_plan import Plan, Source
    from app.ops.warming import Warmed

PAUSE = 2.0  # seconds between two looks of --watch


class Rate(click.FloatRange):
    """A number in a range; `nan`, which no comparison holds back, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        rate = super().convert(value, param, ctx)
        if math.isnan(rate):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return rate


@edge.command("status")
@click.option("--watch", is_flag=True, help="Look again every two seconds, until Ctrl-C.")
@as_json
def edge_status(watch: bool, json: bool) -> None:
    """Show every edge node, what it owes, and the hit ratio by route. Exit status 1 when something is wrong, said first.

    Wrong is: a node that is away, fenced, without a healthy web instance or with other rules than this code's; changes or
    purges that wait for more than VITRINE_FENCE_SECONDS; a measured purge of more than a second; more than 1 % of 5xx; a page
    that sets a cookie. Objects, storage and visits are those of the node on this machine.

    Examples:

      ./vitrine edge status

      ./vitrine edge status --json
    """
    from app.ops import edge_status, status_words
    from app.ops.purging import must_have_edge
    from app.ops.surroundings import this_home, this_shop

    shop = this_shop()
    must_have_edge(shop)
    for found in edge_status.run(shop, this_home()):
        if watch:
            click.clear()
        show(found) if json else status_words.say(found)
        if not watch:
            raise SystemExit(1 if found.wrong else 0)
        time.sleep(PAUSE)


@edge.command("warm")
@click.option("--from", "source", type=click.Choice(["log", "sitemap"]), help="By default the log, if it has visits.")
@click.option("--top", type=click.IntRange(1, 100_000), default=500, show_default=True, help="How many addresses.")
@click.option("--rate", type=Rate(0.1, 1000), default=20.0, show_default=True, help="Fetches a second.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="Fetches at a time.")
@click.option("--visitor", is_flag=True, help="Also the form of somebody with a session and an empty cart.")
@click.option("--node", metavar="URL", help="Only this node, by the address of its purge listener.")
@as_json
def edge_warm(
    source: Source | None, top: int, rate: float, concurrency: int, visitor: bool, node: str | None, json: bool
) -> None:
    """Fill the edge before visitors do: ask each node for the pages that it has not kept.

    The most visited pages of the access log, or the first of the sitemap. What a node keeps already is left alone. Never
    faster than the rate; Ctrl-C ends it between two pages. A node elsewhere is asked at its host and the shop's port.
    Exit status 1 when a page failed.

    Examples:

      ./vitrine edge warm

      ./vitrine edge warm --from sitemap --top 2000 --rate 50 --visitor
    """
    from app.ops import warm_plan
    from app.ops.purging import must_have_edge
    from app.ops.surroundings import this_home, this_shop

    shop = this_shop()
    must_have_edge(shop)
    nodes = nodes_named(shop, node)
    plan = warm_plan.plan(
        shop, this_home(), nodes=nodes, source=source, top=top, visitor=visitor, rate=rate, concurrency=concurrency
    )
    with _bar(plan.asks, quiet=json) as step:
        found = warm_plan.run(plan, step)
    if json:
        show({"from": plan.source, "addresses": len(plan.urls), "forms": len(plan.forms), "nodes": found})
    else:
        _say_warmed(plan, found)
    if any(each.stopped for each in found):
        raise SystemExit(130)
    if any(each.failed for each in found):
        raise SystemExit(1)


@contextmanager
def _bar(total: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Something to call at each step, which moves a bar on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Warming"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


def _say_warmed(plan: Plan, found: list[Warmed]) -> None:
    forms = "both forms" if len(plan.forms) > 1 else "the anonymous form"
    click.echo(f"{len(plan.urls)} addresses from the {plan.source}, in {forms}.")
    rows = [
        {
            "node": n.node,
            "kept before": n.kept,
            "fetched": n.fetched,
            "not kept": n.unkept,
            "failed": n.failed,
            "s": n.seconds,
        }
        for n in found
    ]
    table(rows, "")
    for each in found:
        if each.why:
            click.echo(f"Last failure: {each.why}")
    if any(each.stopped for each in found):
        click.echo("Stopped; what was fetched is kept.")

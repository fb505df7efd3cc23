"""`vitrine bench edge`: what the edge costs and how soon it tells the truth, in one run of a running development shop.

Ratios of each form of a page against a static object of its weight on the same Varnish; the time from an edit's commit
until no reader sees what was before; a soak of writers and readers at the same pages; and a model of what the value in
the form costs in hits. It edits products of its own, which it removes, and ends by itself within two minutes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from app.bench import _ratios
from app.bench._latency import BOUND, Latency, measure
from app.bench._mix import Mix, model
from app.bench._ratios import Ratio
from app.bench._soak import GRACE, READERS, WRITERS, Soak, soak
from app.ops.output import as_json, show
from app.ops.surroundings import running_shop
from app.settings import Settings
from app.values import Refusal

PARTS = ("ratios", "latency", "soak", "mix")


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    ratios: list[Ratio] = []
    latency: Latency | None = None
    soak: Soak | None = None
    mix: list[Mix] = []


def run(args: Sequence[str]) -> None:
    """Measures the running shop. Raises Refusal when there is none, or none with an edge in development."""
    _edge.main(args=list(args), prog_name="vitrine bench edge", standalone_mode=False)


@click.command()
@click.option("--soak", "whole", is_flag=True, help="Soak for a minute instead of ten seconds.")
@click.option("--only", type=click.Choice(PARTS), help="Measure one part.")
@as_json
def _edge(whole: bool, only: str | None, json: bool) -> None:
    """Measure the edge of the running development shop.

    Example: ./vitrine bench edge --only latency --json
    """
    parts = (only,) if only else PARTS
    report = Report(
        ratios=_ratios.measure(_shop()) if "ratios" in parts else [],
        latency=asyncio.run(measure(_shop(), 15)) if "latency" in parts else None,
        soak=asyncio.run(soak(_shop(), 60 if whole else 10)) if "soak" in parts else None,
        mix=model() if "mix" in parts else [],
    )
    show(report) if json else _show(report)


def _shop() -> Settings:
    now = running_shop()
    if not now.edge or not now.dev:
        raise Refusal("This measures a development shop with an edge: ./vitrine up")
    return now


def _show(report: Report) -> None:
    if report.ratios:
        _table("Against a static object of the same weight (Varnish hits, gzip)", report.ratios)
    if report.latency:
        _table(f"Milliseconds from commit to gone; stale after {BOUND:g} s", [report.latency])
    if report.soak:
        _table(f"{WRITERS} writers, {READERS} readers, {GRACE:g} s of grace", [report.soak])
    if report.mix:
        _table("Model: percent by design", report.mix)


def _table(title: str, rows: Sequence[msgspec.Struct]) -> None:
    table = Table(*(name.replace("_", " ") for name in rows[0].__struct_fields__), title=title)
    for row in rows:
        table.add_row(*(str(value) for value in msgspec.structs.astuple(row)))
    Console().print(table)

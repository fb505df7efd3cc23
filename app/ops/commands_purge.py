"""purge and edge trace: what the edge forgets by hand, and what became of any purge."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import rich_click as click

from app.ops.commands_look import edge
from app.ops.output import as_json, show, table

if TYPE_CHECKING:
    from app.ops.purging import Report
    from app.ops.tracing import Traced

COST = "Every kept page goes out of date, and each is rendered again at its next visit."


@click.command()
@click.option("--tag", multiple=True, metavar="T", help="A tag, as in a web instance's `xkey` header; repeatable.")
@click.option("--url", metavar="PATH_OR_URL", help="What is kept for this address, whatever its query.")
@click.option("--product", metavar="SLUG_OR_SKU", help="Its page, its cards, and the lists it may stand in.")
@click.option("--category", metavar="PATH", help="The list of a category or a collection, every page and order of it.")
@click.option("--all", "everything", is_flag=True, help="Everything; asks first.")
@click.option("--at-once", is_flag=True, help="With --all: now, instead of in waves.")
@click.option("--dry-run", is_flag=True, help="Only say which tags would go, and about what that costs; sends nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def purge(everything: bool, at_once: bool, dry_run: bool, yes: bool, json: bool, **named) -> None:
    """Make every edge node forget a page, a product, a category or everything.

    A page's tags are not known from its address. So --url takes those of the product at /p/..., of the category
    or collection at /c/..., of the home page's sections at /, of the sitemap; and for any other address only what is
    kept as a redirect or a 404. Search pages and pictures carry no tag of their own: they go with --all.

    The relay repeats the purge, since a page on its way from the shop may be stored after it, brings it to a node that
    did not confirm, and tells the CDN. --all goes in waves, what is most visited first, so that the shop does not render
    every page at the same moment; the relay sends them.
    Exit status 1 when a node did not confirm.

    Examples:

      ./vitrine purge --url /p/pell-mug

      ./vitrine purge --product PELL-MUG-S --dry-run

      ./vitrine purge --category table/mugs --json

      ./vitrine purge --all --yes
    """
    from app.ops import purging, targets
    from app.ops.surroundings import running_shop

    ask = targets.check(targets.Ask(all=everything, **named))
    shop = running_shop()
    purging.must_have_edge(shop)
    if ask.everywhere and not (dry_run or yes):
        _agree()
    at_once = at_once or not (everything and shop.wave_seconds)
    work = purging.rehearse if dry_run else purging.purge if at_once else purging.in_waves
    report = purging.run(shop, work, ask)
    if json:
        show(_as_json(report, sent=not dry_run))
    else:
        _say(report, sent=not dry_run)
    if report.unconfirmed:
        raise SystemExit(1)


def _agree() -> None:
    from app.ops.purging import NotAgreed
    from app.ops.targets import NoTarget

    if not sys.stdin.isatty():
        raise NoTarget(f"{COST} Nobody can be asked here: add --yes.")
    if not click.confirm(f"{COST} Purge?", err=True):
        raise NotAgreed


def _as_json(report: Report, sent: bool) -> dict[str, object]:
    import msgspec

    tags = [{"tag": tag, "stands_for": words} for tag, words in report.tags.items()]
    told = {"nodes": report.nodes, "cleared_ms": report.cleared_ms if report.nodes else None, "cdn": report.cdn}
    waves = {"waves": report.waves, "wave_seconds": report.wave_seconds, "repeated_after": report.repeated_after}
    cost = report.estimate and msgspec.structs.asdict(report.estimate) | {"seconds": report.estimate.seconds}
    return {"sent": sent, "tags": tags, **told, **waves, "estimate": cost}


def _say(report: Report, sent: bool) -> None:
    table([{"tag": tag, "stands for": words} for tag, words in report.tags.items()], "No tag.")
    click.echo()
    if not sent:
        _say_cost(report)
    elif report.waves:
        whole = (report.waves - 1) * report.wave_seconds
        click.echo(f"The relay purges it in {report.waves} waves over {whole:g} s, what is most visited first.")
    else:
        _say_acks(report)


def _say_acks(report: Report) -> None:
    rows = [{"node": n.node, "objects purged": n.purged, "ms": n.ms, "error": n.error} for n in report.nodes]
    table(rows, "No node.")
    again = " and ".join(f"{delay:g}" for delay in report.repeated_after)
    if report.unconfirmed:
        click.echo(
            f"{report.unconfirmed} of {len(report.nodes)} nodes did not confirm; the relay goes on telling them."
        )
    elif not report.purged:
        click.echo("Nothing kept carried these tags.")
    else:
        click.echo(f"Cleared on every node after {report.cleared_ms:g} ms.")
    if report.cdn:
        click.echo("The relay tells the CDN next.")
    if again:
        click.echo(f"The relay repeats it after {again} s, for pages on their way now.")


def _say_cost(report: Report) -> None:
    cost = report.estimate
    assert cost is not None
    rows = [{"template": kind, "addresses": count} for kind, count in cost.addresses.items()]
    table(rows, "No address of the catalogue carries them, as far as the database tells.")
    if cost.render_ms is not None:
        click.echo(
            f"Rendering one took {cost.render_ms:g} ms just now, so all: {cost.seconds:.1f} s of one web instance."
        )
    click.echo(f"Counted: {cost.basis}.")
    click.echo(
        "Nothing was sent. Varnish cannot count what carries a tag: how much it is, only the purge itself shows."
    )


@edge.command("trace")
@click.argument("tag")
@click.option("--last", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many purges.")
@as_json
def edge_trace(tag: str, last: int, json: bool) -> None:
    """Follow the last purges of a tag: what had changed or who asked for it, who confirmed it when, until nobody owed it any more.

    `purge --dry-run` prints the tags of a product, a category or an address. What is older than a day is forgotten.
    A purge of everything in waves is shown wave by wave: each takes a part of all pages.

    Examples:

      ./vitrine edge trace b4f0c1d2e3a4b5c6

      ./vitrine edge trace w1 --last 1 --json
    """
    from app.ops.surroundings import running_shop
    from app.ops.tracing import trace

    found = trace(running_shop(), tag, last)
    if json:
        show(found)
        return
    for one in found.purges:
        _say_traced(one)
    if not found.purges:
        click.echo("No purge of this tag in the last day.")
    if found.waiting:
        click.echo(f"{found.waiting} changes wait for the relay; which tags they spoil is not known yet.")


def _say_traced(one: Traced) -> None:
    why = ", ".join(
        cause.get("who") or f"{cause['table']} ({cause['rows']}, first {cause['first']})" for cause in one.causes
    )
    after = "" if one.after_ms is None else f", {one.after_ms} ms after the change"
    click.echo(
        f"{one.sent_at:%Y-%m-%d %H:%M:%S} {one.kind}: {one.tags} tags{after}, {one.gate_ms} ms at the gate. {why}"
    )
    rows = [
        {"target": t.target, "ms": t.ms, "objects purged": t.purged, "tries": t.attempts, "note": t.error}
        for t in one.targets
    ]
    table(rows, "No target.")
    click.echo("Not cleared yet.\n" if one.cleared_ms is None else f"Cleared after {one.cleared_ms} ms.\n")

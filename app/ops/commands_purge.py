"""purge: what the edge forgets by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import rich_click as click

from app.ops.output import as_json, show, table

if TYPE_CHECKING:
    from app.ops.purging import Report

COST = "Every kept page goes out of date, and each is rendered again at its next visit."


@click.command()
@click.option("--tag", multiple=True, metavar="T", help="A tag, as in a web instance's `xkey` header; repeatable.")
@click.option("--url", metavar="PATH_OR_URL", help="What is kept for this address, whatever its query.")
@click.option("--product", metavar="SLUG_OR_SKU", help="Its page, its cards, and the lists it may stand in.")
@click.option("--category", metavar="PATH", help="The list of a category or a collection, every page and order of it.")
@click.option("--all", "everything", is_flag=True, help="Everything; asks first.")
@click.option("--dry-run", is_flag=True, help="Only say which tags would go; sends nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def purge(everything: bool, dry_run: bool, yes: bool, json: bool, **named) -> None:
    """Make every edge node forget a page, a product, a category or everything.

    A page's tags are not known from its address. So --url takes those of the product at /p/..., of the category
    or collection at /c/..., of the home page's sections at /, of the sitemap; and for any other address only what is
    kept as a redirect or a 404. Search pages and pictures carry no tag of their own: they go with --all.

    The relay repeats the purge, since a page on its way from the shop may be stored after it, and until every node
    confirms.
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
    report = purging.run(shop, purging.rehearse if dry_run else purging.purge, ask)
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
    tags = [{"tag": tag, "stands_for": words} for tag, words in report.tags.items()]
    return {"sent": sent, "tags": tags, "nodes": report.nodes, "repeated_after": report.repeated_after}


def _say(report: Report, sent: bool) -> None:
    table([{"tag": tag, "stands for": words} for tag, words in report.tags.items()], "No tag.")
    if not sent:
        click.echo(
            "Nothing was sent. Varnish cannot count what carries a tag: how much it is, only the purge itself shows."
        )
        return
    click.echo()
    rows = [{"node": n.node, "objects purged": n.purged, "ms": n.ms, "error": n.error} for n in report.nodes]
    table(rows, "No node.")
    again = " and ".join(f"{delay:g}" for delay in report.repeated_after)
    if report.unconfirmed:
        click.echo(f"{report.unconfirmed} of {len(report.nodes)} nodes did not confirm.")
    elif not report.purged:
        click.echo("Nothing kept carried these tags.")
    if again:
        click.echo(f"The relay repeats it after {again} s, for pages on their way now, and until every node confirms.")

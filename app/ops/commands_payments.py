"""payments: the provider's books against ours."""

from __future__ import annotations

import sys

import rich_click as click

from app.ops.output import as_json, show, table

TOUCHES = "Payments that the provider has and the shop does not know are looked up: orders are placed, or their money goes back."


@click.group()
def payments() -> None:
    """Money, at the provider and here."""


@payments.command("reconcile")
@click.option(
    "--since", default="2d", show_default=True, metavar="TIME", help="Payments begun since: 36h, 7d, 2026-11-20."
)
@click.option("--repair", is_flag=True, help="Drive on what is safe; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def reconcile(since: str, repair: bool, yes: bool, json: bool) -> None:
    """Compare the provider's list of payments with the shop's, in both directions.

    Every payment there must be exactly one attempt here, of equal amount and currency, captured and refunded alike, and vice
    versa. With --repair what the shop can safely find out is looked up and driven on; the rest is for a person.
    Exit status 1 when something is left that differs.

    Examples:

      ./vitrine payments reconcile --since 7d

      ./vitrine payments reconcile --repair --yes --json
    """
    from app.ops import reconciling
    from app.ops.surroundings import answered

    at = reconciling.read_since(since)
    if repair and not yes:
        _agree()
    report = answered(reconciling.reconcile(at, repair=repair))
    if json:
        show(report)
    else:
        rows = [
            {"order": e.order, "what differs": e.words, "repair": e.repair, "reference": e.reference}
            for e in report.differences
        ]
        table(rows, "Nothing differs.")
        if report.repaired:
            click.echo(f"{report.repaired} repaired.")
    if report.differences:
        raise SystemExit(1)


def _agree() -> None:
    from app.values import Refusal

    if not sys.stdin.isatty():
        raise Refusal(f"{TOUCHES} Nobody can be asked here: add --yes.")
    if not click.confirm(f"{TOUCHES} Go on?"):
        raise Refusal("Nothing was changed.")

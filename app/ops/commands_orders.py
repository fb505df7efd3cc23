"""orders: whether every promise is kept, and papers that were never issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from app.ops.output import as_json, show, table

if TYPE_CHECKING:
    from app.ops.invariants import Invariant


@click.group()
def orders() -> None:
    """Orders, over all shards."""


@orders.command("verify")
@click.option(
    "--grace", type=click.FloatRange(min=0), default=300.0, show_default=True, metavar="SECONDS",
    help="How long something may be under way before it counts as wrong.",
)  # fmt: skip
@as_json
def orders_verify(grace: float, json: bool) -> None:
    """Check what must be true of stock, orders and payments, whatever crashed. Changes nothing.

    No oversell, no lost or double order, no double charge: each as a sentence with what was looked at, on every shard.
    Exit status 1 when one is not true.

    Example: ./vitrine orders verify --json
    """
    from app.ops.surroundings import answered
    from app.ops.verify import verify

    tell(answered(verify(grace)), json=json)


def tell(found: list[Invariant], *, json: bool) -> None:
    """What was found, sentence by sentence. Exits with 1 when one is not true."""
    broken = sum(1 for each in found if each.violations)
    if json:
        show({"broken": broken, "invariants": found})
    else:
        rows = [
            {"invariant": e.name, "checked": e.checked, "violations": e.violations, "example ids": " ".join(e.examples)}
            for e in found
        ]
        table(rows, "There is nothing to check.")
        click.echo(f"{broken} of {len(found)} are not true." if broken else f"All {len(found)} are true.")
    if broken:
        raise SystemExit(1)


@orders.command("invoice")
@click.option("--missing", is_flag=True, required=True, help="All that nobody has issued: the only way to ask.")
@click.option("--dry-run", is_flag=True, help="Only say what is missing.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@as_json
def orders_invoice(missing: bool, dry_run: bool, yes: bool, json: bool) -> None:
    """Issue the invoices and credit notes that are missing: of orders paid, and refunds settled, before there were any.

    A number that was given is never taken back, so this asks first. Twice is harmless: what has its number keeps it.

    Example: ./vitrine orders invoice --missing --dry-run
    """
    from app.ops.papers import lacking, supply
    from app.ops.surroundings import answered

    found = answered(lacking())
    notes = sum(len(each.refunds) for each in found)
    words = f"{sum(each.invoice for each in found)} invoices and {notes} credit notes"
    wanted = bool(found) and not dry_run
    if wanted and not yes:
        click.confirm(f"Issue {words}, and never take their numbers back?", abort=True, err=True)
    issued = answered(supply(found)) if wanted else []
    if json:
        show({"orders": found, "issued": issued})
    else:
        click.echo("\n".join([*issued, f"{len(issued)} issued." if wanted else f"{words} are missing."]))

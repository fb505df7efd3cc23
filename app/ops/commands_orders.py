"""orders: whether every promise is kept."""

from __future__ import annotations

import rich_click as click

from app.ops.output import as_json, show, table


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

    found = answered(verify(grace))
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

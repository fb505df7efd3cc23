"""orders: whether every promise is kept, and papers that were never issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from app.ops.output import as_json, ask, show, table

if TYPE_CHECKING:
    from app.ops.invariants import Invariant

TOUCHES = "Orders of which nothing is to come are closed, or cancelled and refunded where nothing was sent, and their customers told."


@click.group()
def orders() -> None:
    """Orders, over all shards."""


@orders.command("verify")
@click.option(
    "--grace", type=click.FloatRange(min=0), default=300.0, show_default=True, metavar="SECONDS",
    help="How long something may be under way before it counts as wrong.",
)  # fmt: skip
@click.option("--repair", is_flag=True, help="First mend what follows from what is there; asks.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--last", is_flag=True, help="Only show what the last daily look has found, and when it was.")
@as_json
def orders_verify(grace: float, repair: bool, yes: bool, last: bool, json: bool) -> None:
    """Check what must be true of stock, orders and payments, whatever crashed. Without --repair it changes nothing.

    No oversell, no lost or double order, no double charge: each as a sentence with what was looked at, on every shard.
    --repair closes orders of which nothing is to come (those of which nothing was sent are cancelled, and what was paid goes
    back), and counts anew what promotions gave, if that is wrong. Exit status 1 when something is not true, or still not.
    The relay looks by itself every VITRINE_CHECK_SECONDS, at the provider's books as well: --last says what it found.

    Examples:

      ./vitrine orders verify --repair

      ./vitrine orders verify --last
    """
    if last:
        tell_last(json=json)
        return
    from app.ops.mending import mend
    from app.ops.surroundings import answered
    from app.ops.verify import verify

    if repair:
        if not yes:
            ask(TOUCHES)
        mended = answered(mend(grace))
        click.echo(f"{mended.closed} orders closed, {mended.counted} counted anew.", err=True)
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


def tell_last(*, json: bool) -> None:
    """What the last look by schedule has found. Exits with 1 when something was not true, or there was none for too long."""
    from app.admin.checkups import last_checkup
    from app.ops.surroundings import answered
    from app.values import Refusal

    found = answered(last_checkup())
    if found is None:
        raise Refusal("Nothing has been looked at yet: the relay begins ten minutes after its start.")
    if json:
        show(found)
    else:
        rows = [
            {"what is not true": e.words, "times": e.many, "example ids": " ".join(e.examples)} for e in found.found
        ]
        table(rows, "All was true.")
        click.echo(
            f"Looked at {found.began_at:%Y-%m-%d %H:%M} UTC, for {found.took:.1f} s{', and not since' if found.late else ''}."
        )
    if found.found or found.late:
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

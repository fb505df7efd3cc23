"""promotions: what they gave so far, and whether what orders took off and used is right."""

from __future__ import annotations

import rich_click as click

from app.ops.output import as_json, show, table


@click.group()
def promotions() -> None:
    """Promotions and their codes."""


@promotions.command("list")
@click.option("--state", type=click.Choice(["active", "scheduled", "draft", "ended"]), help="Only those.")
@as_json
def promotions_list(state: str | None, json: bool) -> None:
    """Every promotion: what starts it, in how many paid orders it was, and what it saved them. Last changed first.

    Example: ./vitrine promotions list --state active
    """
    from app.ops.surroundings import answered
    from app.promotions.queries import listed

    rows = answered(listed(state or ""))
    if json:
        show(rows)
    else:
        table([_told(row) for row in rows], "There are no promotions." if not state else f"No promotion is {state}.")


@promotions.command("verify")
@as_json
def promotions_verify(json: bool) -> None:
    """Check that orders' discounts are those of their promotions, and that nothing was used too often. Changes nothing.

    Part of `orders verify`. Exit status 1 when one is not true.

    Example: ./vitrine promotions verify --json
    """
    from app.ops import limit_checks
    from app.ops.commands_orders import tell
    from app.ops.surroundings import answered

    tell(answered(limit_checks.every()), json=json)


def _told(row: object) -> dict[str, object]:
    from app.promotions.queries import Row
    from app.web.templates import money

    assert isinstance(row, Row)
    of = row.promotion
    starts = {"automatic": "by itself", "code": row.code, "codes": f"{row.codes:,} codes"}[of.trigger]
    return {
        "promotion": of.title, "state": row.standing, "starts": starts, "orders": f"{row.orders:,}",
        "at most": of.most_uses, "saved": money(row.given, of.currency), "id": of.id,
    }  # fmt: skip

"""events: what is still to be done, and what died of failing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import rich_click as click

from app.ops.output import as_json, show, table

WIDTH = 70  # characters of an error that a table shows

one_kind = click.option("--kind", metavar="K", help="Only events of this kind, e.g. SendConfirmation.")


@click.group()
def events() -> None:
    """What operations left to be done (the outboxes): open, late, dead."""


@events.command("list")
@one_kind
@as_json
def events_list(kind: str | None, json: bool) -> None:
    """Count what is not done, by kind: open, late (due for over a minute) and dead (given up; `events retry`).

    Example: ./vitrine events list --json
    """
    from app.ops import events as outboxes
    from app.ops.surroundings import answered

    rows = answered(outboxes.summary(kind))
    if json:
        show(rows)
        return
    table(
        [
            {"kind": r.kind, "open": r.open, "late": r.late, "dead": r.dead, "oldest": outboxes.age_of(r.oldest),
             "failures": r.attempts, "last error": _short(r.error)}
            for r in rows
        ],
        "Everything is done.",
    )  # fmt: skip


@events.command("dead")
@one_kind
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="At most so many.")
@as_json
def events_dead(kind: str | None, limit: int, json: bool) -> None:
    """List what nobody tries any more, oldest first, with the reason.

    Example: ./vitrine events dead --kind SendConfirmation
    """
    from app.ops import events as outboxes
    from app.ops.surroundings import answered

    rows = answered(outboxes.dead(kind, limit))
    if json:
        show(rows)
        return
    table(
        [
            {"id": r.id, "kind": r.kind, "age": outboxes.age_of(r.age), "failures": r.attempts, "error": _short(r.error)}
            for r in rows
        ],
        "No event is dead.",
    )  # fmt: skip


@events.command("retry")
@click.argument("id", required=False, type=click.UUID)
@click.option("--kind", metavar="K", help="All dead events of this kind.")
@click.option("--all", "everything", is_flag=True, help="All dead events.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def events_retry(id: UUID | None, kind: str | None, everything: bool, yes: bool, json: bool) -> None:
    """Have dead events done after all: one by its id, those of a kind, or all. Asks first, unless it is one.

    Examples:

      ./vitrine events retry 3f1c0a52-7c11-8e5b-9d02-5a1f6c3b2e77

      ./vitrine events retry --kind SendConfirmation --yes
    """
    from app.ops import events as outboxes
    from app.ops.surroundings import answered

    if sum(map(bool, (id, kind, everything))) != 1:
        raise outboxes.NoSuchEvent("Say which: an id, --kind K or --all.")
    if id is None and not yes:
        _agree(outboxes, kind)
    count = answered(outboxes.retry(kind=kind, id=id))
    show({"retried": count}) if json else click.echo(f"{count} will be tried again now.")


def _agree(outboxes: Any, kind: str | None) -> None:
    """Says how many it would touch, and leaves unless somebody says yes."""
    import sys

    from app.ops.surroundings import answered

    count = sum(row.dead for row in answered(outboxes.summary(kind)))
    what = f"{count} dead events{f' of kind {kind}' if kind else ''} will be tried again."
    if count and not sys.stdin.isatty():
        raise outboxes.NoSuchEvent(f"{what} Nobody can be asked here: add --yes.")
    if count and not click.confirm(f"{what} Go on?", err=True):
        raise SystemExit(1)


def _short(error: str | None) -> str | None:
    return error if error is None or len(error) <= WIDTH else f"{error[: WIDTH - 3]}..."

"""Answers of commands: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import rich_click as click

as_json = click.option("--json", "json", is_flag=True, help="Print JSON instead of text.")


def show(value: object) -> None:
    """`value` as indented JSON."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def table(rows: Sequence[Mapping[str, object]], empty: str) -> None:
    """The rows under their keys as columns, cut to nothing; `empty` when there are none."""
    if not rows:
        click.echo(empty)
        return
    columns = list(rows[0])
    texts = [{name: _text(row[name]) for name in columns} for row in rows]
    widths = {name: max(len(name), *(len(text[name]) for text in texts)) for name in columns}
    for text in ({name: name.upper() for name in columns}, *texts):
        click.echo("  ".join(text[name].ljust(widths[name]) for name in columns).rstrip())


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """One line for each fact, its name in front; a long text goes on below itself."""
    import shutil
    import textwrap

    width = max((len(name) for name, _ in rows), default=0) + 2
    room = max(40, min(shutil.get_terminal_size().columns, 120) - width)
    for name, text in rows:
        first, *rest = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
        click.echo(f"{name.ljust(width)}{first}")
        for line in rest:
            click.echo(" " * width + line)


def ask(what: str) -> None:
    """Goes on only if somebody at a terminal says yes to what is about to be touched. Raises Refusal without one."""
    import sys

    from app.values import Refusal

    if not sys.stdin.isatty():
        raise Refusal(f"{what} Nobody can be asked here: add --yes.")
    if not click.confirm(f"{what} Go on?", err=True):
        raise SystemExit(1)


def _text(value: object) -> str:
    return "-" if value is None else str(value)

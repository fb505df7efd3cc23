"""edge explain, status, warm, reload: what ops ask of the edge while it runs."""

from __future__ import annotations

import rich_click as click

from app.ops.commands_look import edge
from app.ops.output import as_json, show, table


@edge.command("reload")
@as_json
def edge_reload(json: bool) -> None:
    """Give the running edge the rules of this code and these settings; no request is lost, no kept page forgotten.

    Renders and compiles them, waits until they reach the web instances, uses them, asks as a first visitor would, and goes
    back by itself when that fails. The two sets before stay loaded, older ones are let go. A node on another machine is
    told by hand; what to do is printed.

    Example: ./vitrine edge reload
    """
    from app.ops.reloading import run

    report = run()
    if json:
        show(report)
        return
    if not report.changed:
        click.echo(f"Nothing changed: the edge works by {report.rules} already.")
    else:
        click.echo(f"The edge works by {report.rules} after {report.seconds:g} s; {report.before} stays loaded.")
    for name in report.discarded:
        click.echo(f"Let go: {name}.")
    if report.elsewhere:
        click.echo("\nOther nodes, which this machine can't load rules into:")
        table(report.elsewhere, "")
        click.echo(
            f"There: ./vitrine edge render > {report.rules}.vcl; varnishadm vcl.load {report.rules} $PWD/{report.rules}.vcl;"
            f" varnishadm vcl.use {report.rules}"
        )

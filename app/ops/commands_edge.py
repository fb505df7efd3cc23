"""edge explain, status, warm, reload: what ops ask of the edge while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from app.ops.commands_look import edge
from app.ops.output import as_json, facts, show, table

if TYPE_CHECKING:
    from app.edge.explain import Explained
    from app.settings import Settings


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


@edge.command("explain")
@click.argument("url")
@click.option("--as-visitor", is_flag=True, help="As somebody with a session and one unit in the cart, both made up.")
@click.option("--count", type=click.IntRange(0, 99), metavar="N", help="As --as-visitor, with N units in the cart.")
@click.option("--node", metavar="URL", help="Only this node, by the address of its purge listener.")
@as_json
def edge_explain(url: str, as_visitor: bool, count: int | None, node: str | None, json: bool) -> None:
    """Say why an address is a hit, a miss or neither, on every node; nothing is fetched and nothing changes.

    Takes a path or a whole address of this shop. Exit status 1 when a node does not answer.

    Examples:

      ./vitrine edge explain '/p/pell-mug?utm_source=letter'

      ./vitrine edge explain / --as-visitor

      ./vitrine edge explain /_h/account --as-visitor --json
    """
    from app.ops.explain_words import rows, verdict
    from app.ops.explaining import run
    from app.ops.purging import must_have_edge
    from app.ops.surroundings import this_shop

    shop = this_shop()
    must_have_edge(shop)
    report = run(shop, url, nodes_named(shop, node), 1 if as_visitor and count is None else count)
    if json:
        show(report)
    else:
        said = report.telling
        click.echo(f"{said.state.upper()}  {report.url}  as {report.visitor}")
        click.echo(f"{verdict(said)}\n")
        facts(list(rows(report)))
        if len(report.nodes) > 1:
            click.echo()
            table([_node_row(each) for each in report.nodes], "")
    if any(each.state == "unknown" for each in report.nodes):
        raise SystemExit(1)


def nodes_named(shop: Settings, node: str | None) -> tuple[str, ...]:
    """The one node that was named, or all. Raises NoTarget."""
    from app.ops.targets import NoTarget

    if node is None:
        return shop.purge_urls
    if node.rstrip("/") not in {each.rstrip("/") for each in shop.purge_urls}:
        raise NoTarget(f"{node!r} is not an edge node of this shop, which are {', '.join(shop.purge_urls)}.")
    return (node,)


def _node_row(said: Explained) -> dict[str, object]:
    from app.ops.words import span

    def shown(seconds: float | None) -> str | None:
        return None if seconds is None else span(abs(seconds))

    return {"node": said.node, "name": said.name or None, "state": said.state, "age": shown(said.age),
            "hits": said.hits, "rules": said.rules or None, "error": said.error}  # fmt: skip

"""The state of the edge on one screen."""

from __future__ import annotations

import time

import rich_click as click

from app.ops.edge_status import Node, Status
from app.ops.output import facts, table
from app.ops.visits import Tally
from app.ops.words import percent, size, span

ROUTES = 12  # most visited ones that fit on a screen with the rest


def say(found: Status) -> None:
    """What is wrong first, then the nodes, what waits, and the hit ratio by route."""
    for reason in found.wrong:
        click.secho(f"WRONG  {reason}", fg="red")
    click.echo("" if found.wrong else "All is well.\n", nl=bool(found.wrong))
    table([_node(node) for node in found.nodes], "No node.")
    click.echo()
    facts([*_storage(found.nodes), *_waiting(found), ("Visits", _visits(found))])
    if found.routes:
        click.echo()
        table([_route(tally) for tally in found.routes[:ROUTES]], "")


def _node(node: Node) -> dict[str, object]:
    web = node.here.backends if node.here else None
    return {
        "node": node.url,
        "name": node.said.name or None,
        "state": node.state,
        "rules": f"{node.said.rules} {'(wanted)' if node.current else '(not wanted)'}" if node.said.rules else None,
        "up": None if node.said.up is None else span(node.said.up),
        "web": f"{sum(one.healthy for one in web)} of {len(web)}" if web else "none" if node.said.outage else None,
        "objects": f"{node.here.objects:,}" if node.here else None,
        "owes": node.owes.open,
        "purge in": None if node.canary_ms is None else span(node.canary_ms / 1000),
    }


def _storage(nodes: list[Node]) -> list[tuple[str, str]]:
    found = next((node.here for node in nodes if node.here), None)
    if found is None:
        return []
    stores = ", ".join(f"{store.name} {size(store.used)} of {size(store.size)}" for store in found.stores)
    return [("Storage", f"{stores}; {found.evicted or 'nothing'} evicted")]


def _waiting(found: Status) -> list[tuple[str, str]]:
    rows = []
    if found.outbox:
        age = f", the oldest for {span(found.outbox.oldest)}" if found.outbox.open else ""
        rows.append(("Waiting", f"{found.outbox.open or 'no'} changes for the relay{age}"))
    if found.cdn:
        rows.append(("CDN", f"owes {found.cdn.open} purges, the oldest for {span(found.cdn.oldest)}"))
    return rows


def _visits(found: Status) -> str:
    if found.since is None:
        return "none logged on this machine"
    whole = found.whole
    ratio = percent(whole.ratio)
    kept = f"{ratio} hits of what may be kept" if ratio else "nothing that may be kept"
    return f"{whole.visits:,} in {span(time.time() - found.since)}: {kept}; {whole.failed or 'none'} failed"


def _route(tally: Tally) -> dict[str, object]:
    return {
        "route": tally.route,
        "visits": f"{tally.visits:,}",
        "hits": percent(tally.ratio),
        "stale": tally.stale,
        "misses": tally.misses,
        "not kept": tally.unkept,
        "cookies": tally.cookies,
        "5xx": tally.failed,
        "sent": size(tally.bytes),
    }

"""How the edge is: each node as it answers now, as the relay knows it, and what it owes; and what is wrong, first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from app.edge import purge
from app.edge.explain import Explained, explain
from app.edge.naming import name_of
from app.ops import visits
from app.ops.home import Home
from app.ops.node import Here, local_node
from app.ops.node_counters import Counters, counters
from app.ops.visits import Tally
from app.ops.words import percent, span
from app.settings import Settings

SLOW_PURGE = 1000  # ms from a commit to a fresh copy; what is promised
FAILING = 0.01  # of visits answered with 5xx

KNOWN = """
SELECT n.url, n.state, n.canary_ms, extract(epoch FROM now() - n.canary_at)::float8 AS canary_ago,
       extract(epoch FROM now() - n.behind_since)::float8 AS behind
FROM edge_node n
"""
OWED = """
SELECT d.target, count(*) AS open, extract(epoch FROM now() - min(p.sent_at))::float8 AS oldest, min(d.error) AS error
FROM edge_delivery d JOIN edge_purge p ON p.id = d.purge_id WHERE d.acked_at IS NULL GROUP BY d.target
"""
WAITING = """
SELECT count(*) AS open, coalesce(extract(epoch FROM now() - min(available_at)), 0)::float8 AS oldest
FROM outbox WHERE done_at IS NULL AND available_at <= now()
"""


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """Open rows, and the age of the oldest in seconds."""

    open: int = 0
    oldest: float = 0
    error: str | None = None


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One edge node. `state`: live, fenced, away, or unmet when the relay has never purged it. Counters: only of the one here."""

    url: str
    said: Explained
    state: str
    current: bool
    canary_ms: int | None = None
    canary_ago: float | None = None
    owes: Backlog = Backlog()
    here: Counters | None = None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The whole edge. `wanted` names the rules that the app would render now; `wrong` says what is, worst first."""

    wanted: str
    nodes: list[Node]
    outbox: Backlog | None
    cdn: Backlog | None
    whole: Tally
    routes: list[Tally]
    since: float | None = None
    wrong: list[str] = []


def run(shop: Settings, home: Home) -> Iterator[Status]:
    """How it is, looked at anew for each that is taken; what the app would render is found out once."""
    from app.main import edge_routes
    from app.ops.rendering import vcl_of

    wanted, routes, local = name_of(vcl_of(shop)), edge_routes(), local_node(shop, home)
    log = home.access_log if local else None
    while True:
        yield asyncio.run(_opened(shop, wanted, local, routes, log))


async def _opened(shop: Settings, *about: Any) -> Status:
    from app.db.engines import OUTAGES, close_databases, open_databases

    try:
        if not shop.shared_dsn:
            return await status(shop, *about)
        try:
            await open_databases(shop)
            return await status(shop, *about)
        except OUTAGES:
            return await status(msgspec.structs.replace(shop, shared_dsn=""), *about)
        finally:
            await close_databases()
    finally:
        await purge.close()


async def status(shop: Settings, wanted: str, local: Here | None, routes: Sequence[Any], log: Any) -> Status:
    """How it is now. Databases that do not answer are one of the things that are wrong."""
    said = await asyncio.gather(*(explain(node, "/") for node in shop.purge_urls))
    known = await _known(shop)
    seen = list(visits.tail(log)) if log else []
    tallies = visits.by_route(seen, routes)
    nodes = [_node(one, wanted, known, local) for one in said]
    found = Status(
        wanted=wanted,
        nodes=nodes,
        outbox=known["outbox"] if known else None,
        cdn=known["owed"].get("cdn") if known else None,
        whole=visits.together(tallies),
        routes=tallies,
        since=seen[0].at if seen else None,
    )
    return msgspec.structs.replace(found, wrong=list(wrong_with(found, shop, database=known is not None)))


def _node(said: Explained, wanted: str, known: dict[str, Any] | None, local: Here | None) -> Node:
    about = known["nodes"].get(said.node) if known else None
    here = counters(local) if local and local.node == said.node else None
    state = "away" if said.state == "unknown" else about["state"] if about else "unmet"
    return Node(
        url=said.node,
        said=said,
        state=state,
        current=said.rules == wanted,
        canary_ms=about["canary_ms"] if about else None,
        canary_ago=about["canary_ago"] if about else None,
        owes=known["owed"].get(said.node, Backlog()) if known else Backlog(),
        here=here,
    )


async def _known(shop: Settings) -> dict[str, Any] | None:
    """What the shared database tells of nodes and backlogs; None when it does not answer."""
    from app.db.engines import EVERYONE, OUTAGES, Busy, reading

    if not shop.shared_dsn:
        return None
    try:
        async with reading(EVERYONE) as db:
            nodes, owed, outbox = await db.fetch(KNOWN), await db.fetch(OWED), await db.fetchrow(WAITING)
    except (Busy, *OUTAGES):
        return None
    return {
        "nodes": {row["url"]: dict(row) for row in nodes},
        "owed": {row["target"]: Backlog(open=row["open"], oldest=row["oldest"], error=row["error"]) for row in owed},
        "outbox": Backlog(open=outbox["open"], oldest=outbox["oldest"]) if outbox else Backlog(),
    }


def wrong_with(found: Status, shop: Settings, *, database: bool) -> list[str]:
    """What somebody should look at, worst first, each with its number."""
    wrong = [f"{node.url} does not answer ({node.said.error})" for node in found.nodes if node.state == "away"]
    for node in found.nodes:
        if node.said.outage:
            wrong.append(f"{node.url} has no healthy web instance: visitors are shown copies, for a day")
        if node.state == "fenced":
            wrong.append(f"{node.url} is fenced: it owes purges, and says 503 at /healthz/edge")
    if not database:
        wrong.append("the shared database does not answer, so backlogs and purges are not known")
    if found.outbox and found.outbox.oldest > shop.fence_seconds:
        wrong.append(
            f"{found.outbox.open} changes wait for the relay, the oldest for {span(found.outbox.oldest)}: is it running?"
        )
    wrong += [problem for node in found.nodes for problem in _smaller(node, shop)]
    if found.cdn and found.cdn.oldest > shop.fence_seconds:
        wrong.append(
            f"the CDN owes {found.cdn.open} purges, the oldest for {span(found.cdn.oldest)} ({found.cdn.error})"
        )
    if found.whole.failed > FAILING * found.whole.visits:
        wrong.append(f"{percent(found.whole.failed / found.whole.visits)} of visits were answered with 5xx")
    return wrong


def _smaller(node: Node, shop: Settings) -> list[str]:
    wrong = []
    if node.owes.oldest > shop.fence_seconds:
        why = f" ({node.owes.error})" if node.owes.error else ""
        wrong.append(f"{node.url} owes {node.owes.open} purges, the oldest for {span(node.owes.oldest)}{why}")
    if node.said.rules and not node.current:
        wrong.append(f"{node.url} works by {node.said.rules}, not by this code's rules: ./vitrine edge reload")
    if sick := [backend.name for backend in (node.here.backends if node.here else ()) if not backend.healthy]:
        wrong.append(f"{node.url} finds {', '.join(sick)} sick")
    if shop.canary_seconds and node.canary_ago is not None:
        if node.canary_ago > 3 * shop.canary_seconds + 15:
            wrong.append(f"no purge was measured at {node.url} for {span(node.canary_ago)}: is the relay running?")
        elif node.canary_ms is None:
            wrong.append(f"the last purge measured at {node.url} never arrived")
        elif node.canary_ms > SLOW_PURGE:
            wrong.append(f"the last purge measured at {node.url} took {span(node.canary_ms / 1000)}")
    if node.here and node.here.cookies:
        wrong.append(f"{node.here.cookies} pages set a cookie lately, so they were not kept: {node.here.cookie_on}")
    return wrong

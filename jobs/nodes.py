"""What edge nodes owe: a node that is away catches up by itself, and says 503 to load balancers while it is far behind."""

from __future__ import annotations

import asyncio
import time

import asyncpg

from app.db.engines import EVERYONE, writing
from app.edge import deliveries, purge, tags
from app.logs import log
from app.settings import Settings
from app.values import seconds

MOST_PURGES = 1000  # open deliveries of a node taken at once; their tags are sent together
MOST_TAGS = 5000  # past that, forgetting everything (softly) is less than finding each
ASK_NAMES = 1.0  # seconds between two looks at the names of nodes that serve, while one is fenced
FIRST_WAIT, LONGEST_WAIT = 0.2, 2.0  # seconds between two tries of a node that fails

# A node is fenced while it is late and another is not: the last one stays, since late pages are better than none.
FENCE = """
    UPDATE edge_node n SET state = s.state FROM (
        SELECT url, CASE WHEN late AND NOT every(late) OVER () THEN 'fenced' ELSE 'live' END AS state
        FROM (SELECT url, coalesce(behind_since < clock_timestamp() - $1::interval, false) AS late FROM edge_node) l
    ) s WHERE s.url = n.url AND s.state <> n.state RETURNING n.url, n.name, n.state
"""
SERVING = "SELECT url FROM edge_node WHERE state = 'live' AND EXISTS (SELECT FROM edge_node WHERE state = 'fenced')"
OWED = """
    SELECT p.id, p.tags, p.sent_at, clock_timestamp() AS at
    FROM edge_delivery d JOIN edge_purge p ON p.id = d.purge_id
    WHERE d.target = $1 AND d.acked_at IS NULL ORDER BY p.sent_at LIMIT $2
"""


async def enrol(settings: Settings) -> None:
    """Nodes that the settings no longer name owe nothing, and are forgotten; a new one forgets whatever it holds."""
    targets = [*settings.purge_urls, *([purge.CDN] if settings.cdn else [])]
    async with writing(EVERYONE) as db:
        gone = await db.fetch(
            "UPDATE edge_delivery SET acked_at = clock_timestamp(), error = 'no longer in the settings' "
            "WHERE acked_at IS NULL AND target <> ALL($1) RETURNING purge_id",
            targets,
        )
        await deliveries.cleared(db, [row["purge_id"] for row in gone])
        await db.execute("DELETE FROM edge_node WHERE url <> ALL($1)", list(settings.purge_urls))
        known = {row["url"] for row in await db.fetch("SELECT url FROM edge_node")}
    if new := [node for node in settings.purge_urls if node not in known]:
        await _joined(new)


async def _joined(nodes: list[str]) -> None:
    """Nobody knows what these nodes have missed, so they are told everything before they are told anything else."""
    async with writing(EVERYONE) as db:
        sent_at = await db.fetchval("SELECT clock_timestamp()")
    acks = await purge.purge(nodes, {tags.everything()})
    whole = deliveries.Purge(
        kind="hand", tags={tags.everything()}, sent_at=sent_at, causes=[{"who": "a node has joined"}]
    )
    async with writing(EVERYONE) as db:
        await db.execute("INSERT INTO edge_node (url) SELECT unnest($1::text[])", nodes)
        await deliveries.record(db, whole, acks)


async def behind() -> list[str]:
    """The nodes that owe purges. A round does not ask them: what it has for them joins the rest."""
    async with writing(EVERYONE) as db:
        return [row["url"] for row in await db.fetch("SELECT url FROM edge_node WHERE behind_since IS NOT NULL")]


class Backlog:
    """Brings nodes that owe purges up to date, oldest first."""

    def __init__(self, settings: Settings) -> None:
        self.fence_seconds = settings.fence_seconds
        self.asked = 0.0  # when the nodes that serve were last asked who they are
        self.waits: dict[str, tuple[float, float]] = {}  # node -> when to try again, how long after that

    async def step(self) -> None:
        """Tries each node that is behind and due, side by side, and fences or frees."""
        async with writing(EVERYONE) as db:
            nodes = await db.fetch("SELECT url, boot FROM edge_node WHERE behind_since IS NOT NULL OR state = 'fenced'")
        if not nodes:
            return
        async with writing(EVERYONE) as db:
            for node in await db.fetch(FENCE, seconds(self.fence_seconds)):
                log.warning("edge node " + node["state"], node=node["url"], name=node["name"])
        now = time.monotonic()
        due = [node for node in nodes if self.waits.get(node["url"], (0.0, 0.0))[0] <= now]
        await asyncio.gather(*(self._caught_up(node["url"], node["boot"]) for node in due))
        if now - self.asked >= ASK_NAMES:
            self.asked = now
            await self._named()

    async def _named(self) -> None:
        """While a node is fenced, the others' names are known for certain: a health check under any other is the fenced one's."""
        async with writing(EVERYONE) as db:
            serving = await db.fetch(SERVING)
        acks = await purge.purge([node["url"] for node in serving], {tags.canary()})
        async with writing(EVERYONE) as db:
            await deliveries.met(db, [ack for ack in acks if ack.error is None])

    async def _caught_up(self, node: str, boot: str) -> None:
        async with writing(EVERYONE) as db:
            owed = await db.fetch(OWED, node, MOST_PURGES)
        if owed and not await self._replayed(node, boot, owed):
            return
        self.waits.pop(node, None)
        async with writing(EVERYONE) as db:
            # Locked first: a round that has just left it something has locked it too, and is seen by the next statement.
            await db.execute("SELECT FROM edge_node WHERE url = $1 FOR UPDATE", node)
            await db.execute(
                "UPDATE edge_node SET behind_since = NULL, state = 'live' WHERE url = $1 AND NOT EXISTS "
                "(SELECT FROM edge_delivery d WHERE d.target = $1 AND d.acked_at IS NULL)",
                node,
            )

    async def _replayed(self, node: str, boot: str, owed: list[asyncpg.Record]) -> bool:
        """Whether the node took what it owes. One tag goes first, to hear who answers: a new cache holds nothing old."""
        spoilt = {tag for row in owed for tag in row["tags"]}
        [ack] = await purge.purge([node], {min(spoilt)})
        lost: list[asyncpg.Record] = []
        held = owed
        if ack.error is None and ack.boot and ack.boot != boot and ack.up is not None:
            born = owed[0]["at"] - seconds(ack.up)  # by our clock and its own age
            lost, held = _split(owed, born)
            spoilt = {tag for row in held for tag in row["tags"]}
        if ack.error is None and held:
            [ack] = await purge.purge([node], spoilt if len(spoilt) <= MOST_TAGS else {tags.everything()})
        await self._noted(node, ack, lost=lost, held=held)
        return ack.error is None

    async def _noted(
        self, node: str, ack: purge.Ack, *, lost: list[asyncpg.Record], held: list[asyncpg.Record]
    ) -> None:
        async with writing(EVERYONE) as db:
            if lost:
                ids = [row["id"] for row in lost]
                await deliveries.acked(db, node, ids, count=0, note="skipped: the node restarted and was empty")
            ids = [row["id"] for row in held]
            if ack.error is not None:
                wait = self.waits.get(node, (0.0, FIRST_WAIT))[1]
                self.waits[node] = (time.monotonic() + wait, min(2 * wait, LONGEST_WAIT))
                await deliveries.failed(db, node, ids, why=ack.error, again=wait)
                return
            note = None if len(ids) == 1 else f"caught up: {len(ids)} purges together, {ack.count} objects"
            await deliveries.acked(db, node, ids, count=ack.count if len(ids) == 1 else None, note=note)
            await db.execute(
                "UPDATE edge_node SET name = $2, boot = $3, seen_at = clock_timestamp() WHERE url = $1",
                *(node, ack.name, ack.boot),
            )


def _split(owed: list[asyncpg.Record], born: object) -> tuple[list[asyncpg.Record], list[asyncpg.Record]]:
    """What was sent before the cache began to fill, which cannot hold it, and what came later."""
    return [row for row in owed if row["sent_at"] < born], [row for row in owed if row["sent_at"] >= born]

"""The CDN comes after the edge: told earlier, it would fetch the old copy from there again."""

from __future__ import annotations

from app.db.engines import EVERYONE, writing
from app.edge import deliveries
from app.edge.cdn import Cdn, driver_of
from app.edge.purge import CDN
from app.logs import log
from app.settings import Settings

MOST_PURGES = 500  # open deliveries taken at once; their tags are sent together
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0

# A fenced node is not waited for: its health says 503, so the CDN asks another.
READY = """
    SELECT p.id, p.tags FROM edge_delivery d JOIN edge_purge p ON p.id = d.purge_id
    WHERE d.target = $1 AND d.acked_at IS NULL AND d.due_at <= clock_timestamp() AND NOT EXISTS (
        SELECT FROM edge_delivery o JOIN edge_node n ON n.url = o.target
        WHERE o.purge_id = d.purge_id AND o.acked_at IS NULL AND n.state = 'live')
    ORDER BY p.sent_at LIMIT $2
"""


class Downstream:
    """Tells the CDN what every live node has confirmed. Its failures are its own: no node is asked again for them."""

    def __init__(self, settings: Settings, cdn: Cdn | None = None) -> None:
        self.cdn = cdn or driver_of(settings)
        self.wait = FIRST_WAIT

    async def step(self) -> None:
        """Everything that is ready goes out in one call."""
        if self.cdn is None:
            return
        async with writing(EVERYONE) as db:
            ready = await db.fetch(READY, CDN, MOST_PURGES)
        if not ready:
            return
        ids = [row["id"] for row in ready]
        ack = await self.cdn.purge({tag for row in ready for tag in row["tags"]})
        async with writing(EVERYONE) as db:
            if ack.error is None:
                self.wait = FIRST_WAIT
                await deliveries.acked(db, CDN, ids, count=ack.count)
                return
            log.warning("purge not confirmed", target=self.cdn.name, why=ack.error)
            await deliveries.failed(db, CDN, ids, why=ack.error, again=self.wait)
            self.wait = min(2 * self.wait, LONGEST_WAIT)

    async def close(self) -> None:
        """Ends the CDN's connections."""
        if self.cdn is not None:
            await self.cdn.close()

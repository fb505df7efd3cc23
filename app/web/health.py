"""Whether a process lives, can serve, and whether an edge node may: what probes and load balancers ask."""

from __future__ import annotations

import time

from litestar import Request, Response, get

from app.db.engines import EVERYONE, OUTAGES, Busy, reading, writing
from app.edge import tags
from app.edge.keep import FRAGMENT
from app.web.answers import Raw
from app.web.pages import fragment

PRIVATE = {"Cache-Control": "private, no-store"}
LOOK_AGAIN = 1.0  # seconds for which one look at the nodes holds: health checks are many
NODES = "SELECT name, bool_and(state = 'fenced') AS fenced FROM edge_node GROUP BY name"


@get("/healthz", sync_to_thread=False, media_type="text/plain")
def healthz() -> str:
    """Alive; what probes ask."""
    return "alive"


@get("/readyz", media_type="text/plain")
async def readyz() -> Response[str]:
    """Can serve: the shared database answers."""
    async with reading(EVERYONE) as db:
        await db.fetchval("SELECT 1")
    return Response("ready", headers=PRIVATE, media_type="text/plain")


@get("/healthz/edge", media_type="text/plain")
async def edge_health(request: Request) -> Response[str]:
    """Whether the edge node that asks may serve: 503 once purges have not reached it for too long, while another is better."""
    if await _nodes.is_fenced(request.headers.get("x-vitrine-node", "")):
        headers = PRIVATE | {"X-Vitrine-Health": "fenced"}
        return Response("fenced", status_code=503, headers=headers, media_type="text/plain")
    return Response("live", headers=PRIVATE, media_type="text/plain")


@fragment("/canary", name="canary", keep=FRAGMENT)
async def canary() -> Raw:
    """The version that the relay changes to measure how long a purge takes."""
    async with reading(EVERYONE) as db:
        version = await db.fetchval("SELECT version FROM edge_canary WHERE id = 1")
    return Raw(body=str(version).encode(), content_type="text/plain", tags={tags.canary()})


class _Nodes:
    def __init__(self) -> None:
        self.fenced: dict[str, bool] = {}  # by name
        self.until = 0.0

    async def is_fenced(self, name: str) -> bool:
        """Whether the node of this name should not serve. None while the primary is away, since then nothing changes.

        A node that the relay never reached, or not since it was renamed, has a name that no row has. The others are asked for
        theirs while one is fenced, so a name that nobody knows is that one's.
        """
        await self._look()
        return bool(name) and self.fenced.get(name, any(self.fenced.values()))

    async def _look(self) -> None:
        if time.monotonic() >= self.until:
            self.until = time.monotonic() + LOOK_AGAIN
            try:
                async with writing(EVERYONE) as db:
                    self.fenced = {row["name"]: row["fenced"] for row in await db.fetch(NODES)}
            except (Busy, *OUTAGES):
                self.fenced = {}


_nodes = _Nodes()
ROUTES = [canary, edge_health]
PROBES = [healthz, readyz]

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
FENCED = "SELECT name FROM edge_node GROUP BY name HAVING bool_and(state = 'fenced')"


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
    if request.headers.get("x-vitrine-node") in await _nodes.fenced():
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
        self.names: frozenset[str] = frozenset()
        self.until = 0.0

    async def fenced(self) -> frozenset[str]:
        """Names of the nodes that should not serve; none while the primary is away, since then nothing changes."""
        if time.monotonic() >= self.until:
            self.until = time.monotonic() + LOOK_AGAIN
            try:
                async with writing(EVERYONE) as db:
                    self.names = frozenset(row["name"] for row in await db.fetch(FENCED))
            except (Busy, *OUTAGES):
                self.names = frozenset()
        return self.names


_nodes = _Nodes()
ROUTES = [canary, edge_health]
PROBES = [healthz, readyz]

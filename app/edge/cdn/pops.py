"""POPs of our own: Varnishes in front of the edge, each with a purge listener like the edge's."""

from __future__ import annotations

from collections.abc import Set

from app.edge import purge
from app.edge.purge import CDN, Ack


class Pops:
    """All POPs together are one CDN: it has forgotten when each of them has."""

    name = "varnish"

    def __init__(self, nodes: tuple[str, ...]) -> None:
        self.nodes = nodes

    async def purge(self, tags: Set[str]) -> Ack:
        acks = await purge.purge(self.nodes, tags)
        if failed := [f"{ack.node} {ack.error}" for ack in acks if ack.error]:
            return Ack(CDN, None, "; ".join(failed))
        return Ack(CDN, sum(ack.count or 0 for ack in acks))

    async def close(self) -> None:
        await purge.close()

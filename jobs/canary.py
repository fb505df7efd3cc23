"""How long a purge takes from end to end: one row is changed, and each node is read until it shows the new one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.db.engines import EVERYONE, writing
from app.edge import purge, tags
from app.logs import log
from app.settings import Settings

PATH = "/_f/canary"  # the one object that the purge listener also serves
PATIENCE = 10.0  # seconds after which a purge counts as lost
PAUSE = 0.01  # seconds between two looks


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """The canary's own tag, when its row changed."""
    return {tags.canary()} if any(change["table"] == "edge_canary" for change in changes) else set()


class Canary:
    """Changes the row every `canary_seconds`, and notes for each node how old the change was when a reader first saw it."""

    def __init__(self, settings: Settings) -> None:
        self.nodes = settings.purge_urls if settings.canary_seconds else ()
        self.host = urlsplit(settings.public_origin).netloc

    async def step(self) -> None:
        """One measurement, on all nodes at once."""
        if not self.nodes:
            return
        await asyncio.gather(*(self._shown(node) for node in self.nodes))  # so that there is a copy to purge
        async with writing(EVERYONE) as db:
            version = await db.fetchval("UPDATE edge_canary SET version = version + 1 WHERE id = 1 RETURNING version")
        began = time.monotonic()
        took = await asyncio.gather(*(self._fresh(node, version, began) for node in self.nodes))
        async with writing(EVERYONE) as db:
            for node, ms in zip(self.nodes, took, strict=True):
                await db.execute(
                    "UPDATE edge_node SET canary_ms = $2, canary_at = clock_timestamp() WHERE url = $1", node, ms
                )
                if ms is None:
                    log.warning("purge too slow", node=node, longer_than=PATIENCE)

    async def _fresh(self, node: str, version: int, began: float) -> int | None:
        while time.monotonic() - began < PATIENCE:
            shown = await self._shown(node)
            if shown is not None and shown >= version:
                return round((time.monotonic() - began) * 1000)
            await asyncio.sleep(PAUSE)
        return None

    async def _shown(self, node: str) -> int | None:
        try:
            answer = await purge.client().get(node.rstrip("/") + PATH, headers={"Host": self.host})
            return int(answer.text) if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            return None

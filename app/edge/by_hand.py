"""A purge that somebody asked for, on the command line or under glass in the admin: told at once, noted, and left to the relay."""

from __future__ import annotations

import time
from collections.abc import Set

from app.db import outbox
from app.db.engines import EVERYONE, writing
from app.edge import deliveries, purge
from app.settings import Settings
from app.values import seconds


async def forget(shop: Settings, tags: Set[str], *, who: str) -> list[purge.Ack]:
    """Every node was asked to forget these tags; one Ack each. The relay tells whoever still owes it and the CDN, and repeats it."""
    began = time.monotonic()
    acks = await purge.purge(shop.purge_urls, tags)
    took = seconds(time.monotonic() - began)
    async with writing(EVERYONE) as db:
        sent_at = await db.fetchval("SELECT clock_timestamp() - $1::interval", took)
        sent = deliveries.Purge(kind="hand", tags=tags, sent_at=sent_at, causes=[{"who": who}])
        await deliveries.record(db, sent, acks, cdn_after=0.0 if shop.cdn else None)
        await outbox.echo(db, tags, shop.echoes)
    return acks

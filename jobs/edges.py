"""From changes in the shared database to purges at every edge node."""

from __future__ import annotations

import asyncpg

from app.catalog import purges as catalog
from app.content import purges as content
from app.db import outbox
from app.db.engines import EVERYONE, reading, writing
from app.edge import purge
from app.logs import log
from app.reviews import purges as reviews
from app.settings import Settings
from app.values import seconds

MOST_ROWS = 500  # outbox rows taken at once; their tags are sent together
RETRY = 1.0  # seconds until a purge that some node did not confirm is sent again

STUBBORN = 30.0  # seconds until a row that raised is tried again
KINDS = ("changed", "echo")

PURGES = (catalog.tags_of, content.tags_of, reviews.tags_of)


class Edges:
    """Purges what changed, on every node, and repeats it: a page whose fetch began before the commit may be kept after the purge."""

    def __init__(self, settings: Settings) -> None:
        self.nodes = settings.purge_urls
        self.echoes = settings.echoes
        self.settings = settings

    async def step(self) -> int:
        """Relays what is due. Returns the number of outbox rows done."""
        async with reading(EVERYONE) as db:
            rows = await db.fetch(
                "SELECT id, kind, body FROM outbox WHERE done_at IS NULL AND available_at <= clock_timestamp() "
                "ORDER BY available_at LIMIT $1",
                MOST_ROWS,
            )
        try:
            return await self._relayed(rows)
        except Exception:  # one row that can't be read must not hold up the others: each by itself
            log.exception("changes not relayed together", rows=len(rows))
        return sum([await self._alone(row) for row in rows])

    async def _relayed(self, rows: list[asyncpg.Record]) -> int:
        if not rows:
            return 0
        tags = await self.tags(rows)
        if await self.confirmed(tags):
            await self._done(rows, tags)
            return len(rows)
        await self._later(rows, "not confirmed by every node")
        return 0

    async def _alone(self, row: asyncpg.Record) -> int:
        try:
            return await self._relayed([row])
        except Exception as wrong:
            log.exception("change not relayed", id=str(row["id"]), kind=row["kind"])
            await self._later([row], repr(wrong), wait=STUBBORN)
            return 0

    async def tags(self, rows: list[asyncpg.Record]) -> set[str]:
        """What these rows spoil. Raises LookupError for a kind nobody knows: it stays open until a newer relay does."""
        for row in rows:
            if row["kind"] not in KINDS:
                raise LookupError(f"no way to relay {row['kind']}")
        found = {tag for row in rows if row["kind"] == "echo" for tag in row["body"]["tags"]}
        changes = [row["body"] for row in rows if row["kind"] == "changed"]
        for tags_of in PURGES if changes else ():
            found |= await tags_of(changes)
        return found

    async def confirmed(self, tags: set[str]) -> bool:
        """Whether every node said that it purged the tags."""
        if not tags or not self.nodes:
            return True
        acks = await purge.purge(self.nodes, tags)
        for ack in acks:
            if ack.error:
                log.warning("purge not confirmed", node=ack.node, why=ack.error)
        return not any(ack.error for ack in acks)

    async def _done(self, rows: list[asyncpg.Record], tags: set[str]) -> None:
        fresh = bool(tags and self.nodes) and any(row["kind"] == "changed" for row in rows)
        async with writing(EVERYONE) as db:
            await db.execute(
                "UPDATE outbox SET done_at = clock_timestamp() WHERE id = ANY($1)", [row["id"] for row in rows]
            )
            await outbox.echo(db, tags, self.echoes if fresh else ())

    async def _later(self, rows: list[asyncpg.Record], why: str, wait: float = RETRY) -> None:
        async with writing(EVERYONE) as db:
            await db.execute(
                "UPDATE outbox SET attempts = attempts + 1, error = $3, available_at = clock_timestamp() + $2 "
                "WHERE id = ANY($1)",
                [row["id"] for row in rows],
                seconds(wait),
                why[:500],
            )

    async def close(self) -> None:
        """Ends the connections to the nodes."""
        await purge.close()

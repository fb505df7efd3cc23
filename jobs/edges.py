"""One round of the relay: what changed in the shared database -> tags -> gate -> every edge node, noted in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable, Set
from datetime import datetime
from itertools import groupby
from typing import Any

import asyncpg

from app.accounts import purges as accounts
from app.catalog import purges as catalog
from app.content import purges as content
from app.db import outbox
from app.db.engines import EVERYONE, OUTAGES, Busy, writing
from app.db.gate import Gate
from app.edge import deliveries, purge, tags
from app.logs import log
from app.reviews import purges as reviews
from app.search import purges as search
from app.settings import Settings
from app.values import seconds
from app.web import builds
from jobs import canary, nodes

MOST_ROWS = 500  # outbox rows of one round; their tags are sent together
MOST_TAGS = (
    50_000  # of one round, some sixty requests a node; a change that spoils more goes as everything does, in waves
)
STUBBORN = 30.0  # seconds until a row that raised is tried again
CDN_ECHO = 3.0  # seconds by which the CDN's echo follows the edge's: a POP may have refetched what the echo ended
KINDS = {"changed": "change", "wave": "wave", "echo": "echo"}  # of an outbox row -> of a purge

PURGES = (
    accounts.tags_of,
    catalog.tags_of,
    content.tags_of,
    reviews.tags_of,
    search.tags_of,
    builds.tags_of,
    canary.tags_of,
)


class Edges:
    """Purges what changed, on every node, and again: a page whose fetch began before the commit may be kept after the purge."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.gate = Gate(settings)
        self.enrolled = False

    async def step(self) -> int:
        """Relays what is due. Returns the number of outbox rows done. Raises Busy while the database is away."""
        if not self.enrolled:
            await nodes.enrol(self.settings)
            self.enrolled = True
        async with writing(EVERYONE) as db:
            rows = await db.fetch(
                "SELECT id, kind, body, created_at, clock_timestamp() AS at FROM outbox WHERE done_at IS NULL "
                "AND available_at <= clock_timestamp() ORDER BY available_at LIMIT $1",
                MOST_ROWS,
            )
        by_kind = groupby(sorted(rows, key=lambda row: row["kind"]), key=lambda row: row["kind"])
        return sum([await self._together(kind, list(same)) for kind, same in by_kind])

    async def _together(self, kind: str, rows: list[asyncpg.Record]) -> int:
        try:
            await self._round(kind, rows)
        except (Busy, *OUTAGES):
            raise
        except Exception as wrong:  # one row that can't be read must not hold up the others: each by itself
            log.exception("changes not relayed", kind=kind, rows=len(rows))
            if len(rows) > 1:
                return sum([await self._together(kind, [row]) for row in rows])
            await self._later(rows[0], repr(wrong))
            return 0
        return len(rows)

    async def _round(self, kind: str, rows: list[asyncpg.Record]) -> None:
        began = time.monotonic()
        found = await self.tags_of(kind, [row["body"] for row in rows])
        found, waves = self.spread(found) if kind == "changed" else (found, [])
        told = found if self.settings.purge_urls or self.settings.cdn else set()
        gate_ms = await self.gate.passed() if told else 0
        owed = await nodes.behind() if told else []
        asked = [node for node in self.settings.purge_urls if node not in owed]
        sent_at = rows[0]["at"] + seconds(time.monotonic() - began)
        acks = await purge.purge(asked, told)
        async with writing(EVERYONE) as db:
            await db.execute(
                "UPDATE outbox SET done_at = clock_timestamp() WHERE id = ANY($1)", [row["id"] for row in rows]
            )
            if told:
                sent = self._purge(kind, rows, told, sent_at, gate_ms)
                await deliveries.record(db, sent, acks, owed=owed, cdn_after=self._cdn_after(kind, told))
                await outbox.echo(db, told, self._echoes(kind, told))
            for number, wave in enumerate(waves if told else [], 1):
                await outbox.later(db, "wave", wave, number * self.settings.wave_seconds)

    async def tags_of(self, kind: str, bodies: list[dict[str, Any]]) -> set[str]:
        """What these rows spoil. Raises LookupError for a kind nobody knows: it stays open until a newer relay does."""
        if kind not in KINDS:
            raise LookupError(f"no way to relay {kind}")
        if kind != "changed":
            return {tag for body in bodies for tag in body["tags"]}
        return {tag for tags_of in PURGES for tag in await tags_of(bodies)}

    def spread(self, found: Set[str]) -> tuple[set[str], list[set[str]]]:
        """What to purge now and what in waves: all pages at once would all be rendered again at once."""
        if tags.everything() not in found and len(found) <= MOST_TAGS:
            return set(found), []
        if not self.settings.wave_seconds:
            return {tags.everything()}, []
        exact = found - {tags.everything()} if len(found) <= MOST_TAGS else set()  # an edit does not wait for its wave
        first, *others = ({tag} for tag in tags.waves())
        return first | exact, others

    def _purge(
        self, kind: str, rows: list[asyncpg.Record], told: set[str], sent_at: datetime, gate_ms: int
    ) -> deliveries.Purge:
        changed = kind == "changed"
        return deliveries.Purge(
            kind=KINDS[kind],
            tags=told,
            sent_at=sent_at,
            gate_ms=gate_ms,
            committed_at=min(row["created_at"] for row in rows) if changed else None,
            causes=causes(row["body"] for row in rows) if changed else (),
        )

    def _cdn_after(self, kind: str, told: set[str]) -> float | None:
        if not self.settings.cdn or _only_here(told):
            return None
        return CDN_ECHO if kind == "echo" else 0.0

    def _echoes(self, kind: str, told: set[str]) -> tuple[float, ...]:
        return () if kind == "echo" or told == {tags.canary()} else self.settings.echoes

    async def _later(self, row: asyncpg.Record, why: str) -> None:
        async with writing(EVERYONE) as db:
            await db.execute(
                "UPDATE outbox SET attempts = attempts + 1, error = $3, available_at = clock_timestamp() + $2 "
                "WHERE id = $1",
                row["id"],
                seconds(STUBBORN),
                why[:500],
            )

    async def close(self) -> None:
        """Ends the connections to the nodes and the replicas."""
        await self.gate.close()
        await purge.close()


def _only_here(told: Set[str]) -> bool:
    """Whether no CDN can hold what these tags are on: the canary, and what is one shopper's."""
    return all(tag == tags.canary() or tag[0] == "u" for tag in told)


def causes(bodies: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What had changed, by table: how many rows, and the id of the first (None when a table was emptied)."""
    found: dict[str, dict[str, Any]] = {}
    for body in bodies:
        rows = body.get("rows", [])
        cause = found.setdefault(body["table"], {"table": body["table"], "rows": 0, "first": None})
        cause["rows"] += len(rows)
        cause["first"] = cause["first"] or (rows[0]["id"] if rows else None)
    return list(found.values())

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from app.admin import rules
from app.db.engines import EVERYONE, reading, writing
from app.edge import tags
from app.settings import settings
from app.values import HOUR, MINUTE, seconds

LATE = 10.0  # seconds after which something is wrong
GIVE_UP = 2 * MINUTE  # seconds after which the page stops asking by itself
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


class LiveView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether shoppers see what was saved. `notes`: changes noted for the edge; `took`: seconds from saving to the last purge.

    `earlier`: what waits was saved before this visit. `state`: live | waiting | late | unseen (saved, but shoppers see none of it) | steady (nothing was just saved).
    """

    state: Literal["live", "waiting", "late", "unseen", "steady"]
    notes: int
    nodes: int
    took: float | None
    waited: float
    earlier: bool
    here: str
    again: str | None


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """Outbox rows about one product: how many, how many are not done (the oldest since `first`), when the last was done."""

    many: int
    open: int
    first: datetime | None
    last: datetime | None
    at: datetime


# What the triggers of app/db/changes.sql wrote of this product, its variants and what hangs on them.
NOTES = """
    SELECT count(*) AS many, count(*) FILTER (WHERE o.done_at IS NULL) AS open,
        min(o.created_at) FILTER (WHERE o.done_at IS NULL) AS first, max(o.done_at) AS last, clock_timestamp() AS at
    FROM outbox o WHERE o.kind = 'changed' AND {since} AND EXISTS (
        SELECT FROM jsonb_array_elements(o.body->'rows') r WHERE CASE o.body->>'table'
            WHEN 'product' THEN r->>'id' = $1
            WHEN 'price' THEN coalesce(r->'new'->>'variant_id', r->'old'->>'variant_id') = ANY($2)
            WHEN 'timed_price' THEN coalesce(r->'new'->>'variant_id', r->'old'->>'variant_id') = ANY($2)
            WHEN 'stock_band' THEN coalesce(r->'new'->>'variant_id', r->'old'->>'variant_id') = ANY($2)
            ELSE coalesce(r->'new'->>'product_id', r->'old'->>'product_id') = $1 END)
"""


async def live_view(product_id: UUID, *, saved: str, stock: str) -> LiveView:
    """How far what was saved at `saved` (milliseconds, as the address has it) has come.

    `stock`: the variant whose stock was changed, if one was: its band comes by way of its shard's outbox.
    """
    since = rules.moment_of(saved)
    waiting = await _bands_on_their_way(stock) + await _owed(product_id)
    notes = await _notes(product_id, since)
    if since is not None and notes.at - since > seconds(HOUR):
        since = None  # an old address: what was saved then is settled
    return view_of(
        since, notes, waiting=waiting, path=f"/products/{product_id}", query={"saved": saved, "stock": stock}
    )


async def _notes(product_id: UUID, since: datetime | None) -> Notes:
    # Without a moment only what is not done counts, which has an index.
    sql = NOTES.format(since="o.created_at >= $3" if since else "o.done_at IS NULL AND o.created_at >= $3")
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was noted
        variants = await db.fetchval(
            "SELECT coalesce(array_agg(id::text), '{}') FROM variant WHERE product_id = $1", product_id
        )
        row = await db.fetchrow(sql, str(product_id), variants, since or ALWAYS)
    return msgspec.convert(dict(row or {}), Notes)


async def _owed(product_id: UUID) -> int:
    """Purges of its page that an edge node which serves has not confirmed; the relay goes on telling it."""
    async with writing(EVERYONE) as db:
        return await db.fetchval(
            "SELECT count(*) FROM edge_delivery d JOIN edge_purge p ON p.id = d.purge_id JOIN edge_node n ON n.url = d.target "
            "WHERE d.acked_at IS NULL AND n.state = 'live' AND p.tags ? $1",
            tags.product(product_id),
        )


async def _bands_on_their_way(stock: str) -> int:
    """Outbox rows of the variant's shard that the relay has not brought to the shared database yet."""
    try:
        variant_id = UUID(stock)
    except ValueError:
        return 0
    async with reading(variant_id) as db:
        return await db.fetchval(
            "SELECT count(*) FROM outbox WHERE done_at IS NULL AND kind = 'StockBandChanged' AND body->>'variant_id' = $1",
            str(variant_id),
        )


def view_of(since: datetime | None, notes: Notes, *, waiting: int, path: str, query: dict[str, str]) -> LiveView:
    """What these notes say; `path` is the page that asks, `waiting` what is on its way besides them."""
    asked = urlencode({key: value for key, value in query.items() if value})
    waited = (notes.at - (since or notes.first or notes.at)).total_seconds()
    open = notes.open + waiting
    goes_on = open > 0 and waited < GIVE_UP
    return LiveView(
        state=_state(open, notes.many, since, waited),
        notes=notes.many + waiting,
        nodes=len(settings().purge_urls),
        took=(notes.last - since).total_seconds() if since and notes.last and not open else None,
        waited=waited,
        earlier=since is None,
        here=f"{path}?{asked}" if asked else path,
        again=f"{path}/live?{asked}" if goes_on else None,
    )


def _state(open: int, many: int, since: datetime | None, waited: float) -> Any:
    if open:
        return "late" if waited > LATE else "waiting"
    if since is None:
        return "steady"
    return "live" if many else "unseen"

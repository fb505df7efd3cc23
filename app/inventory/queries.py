from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Busy, all_shards, reading
from app.db.sharding import by_shard
from app.inventory import rules
from app.values import seconds

USES = """
    SELECT variant_id, reserved + sold - (SELECT coalesce(sum(quantity), 0) FROM reservation r
        WHERE r.order_id = $2 AND r.variant_id = s.variant_id AND r.state IN (0, 3)) AS uses
    FROM stock s WHERE variant_id = ANY($1)
"""

TOO_FEW = """
    SELECT variant_id, free FROM (
        SELECT w.variant_id, w.units, greatest(coalesce(s.on_hand - s.reserved, 0) + (SELECT coalesce(sum(r.quantity), 0)
            FROM reservation r WHERE r.variant_id = w.variant_id AND r.order_id = ANY($3) AND r.state IN (0, 3)), 0)::int AS free
        FROM unnest($1::uuid[], $2::int[]) AS w(variant_id, units) LEFT JOIN stock s USING (variant_id)
        WHERE coalesce(s.policy, 'stock') = 'stock') AS counted
    WHERE free < units
"""


class StockView(msgspec.Struct, frozen=True, kw_only=True):
    """Stock of a variant as the shopkeeper sees it. `available` may be below zero where the policy allows it."""

    variant_id: UUID
    on_hand: int
    reserved: int
    sold: int
    available: int
    policy: str
    few_at: int
    lead_days: int
    back_on: date | None
    band: str


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """Variants of a shard whose numbers contradict each other, by contradiction. All zero is right."""

    reserved: int
    on_hand: int
    sold: int
    band: int
    projected: int

    @property
    def total(self) -> int:
        return self.reserved + self.on_hand + self.sold + self.band + self.projected


async def stock_of(variant_id: UUID) -> StockView | None:
    """What there is of a variant, or None when no stock is kept of it."""
    async with reading(variant_id) as db:
        row = await db.fetchrow(
            "SELECT variant_id, on_hand, reserved, sold, on_hand - reserved AS available, policy, few_at, lead_days,"
            " back_on, band FROM stock WHERE variant_id = $1",
            variant_id,
        )
    return StockView(**row) if row else None


def limit_of(name: str, customer: str = "") -> UUID:
    """The id under which uses of `name`, or of it by one customer, are counted."""
    return rules.limit_id(name, customer)


async def uses_of(limits: Iterable[UUID], *, besides: UUID | None = None) -> dict[UUID, int]:
    """How often each limit was used, uses under way included; one statement for each shard that counts some of them.

    `besides`: an order whose uses under way don't count. Limits counted on a shard that is away are left out.
    """
    found: dict[UUID, int] = {}
    for bucket, ids in by_shard(limits, all_shards()).items():
        with suppress(Busy):
            async with reading(bucket) as db:
                rows = await db.fetch(USES, ids, besides)
            found |= dict.fromkeys(ids, 0) | {row["variant_id"]: row["uses"] for row in rows}
    return found


async def too_few(wanted: Mapping[UUID, int], *, besides: Sequence[UUID] = ()) -> dict[UUID, int]:
    """Of these variants (with units) those of which fewer are free, and how many; one statement for each of their shards.

    `besides`: orders whose holds under way count as free. True when it was read: only reserving makes sure.
    """
    found: dict[UUID, int] = {}
    for bucket, ids in by_shard(wanted, all_shards()).items():
        async with reading(bucket) as db:
            rows = await db.fetch(TOO_FEW, ids, [wanted[id] for id in ids], list(besides))
        found |= {row["variant_id"]: row["free"] for row in rows}
    return found


async def kept(bucket: int) -> int:
    """Of how many variants and limits this bucket's shard keeps stock."""
    async with reading(bucket) as db:
        return await db.fetchval("SELECT count(*) FROM stock")


CONTRADICTIONS = """
    SELECT count(*) FILTER (WHERE s.reserved <> coalesce(r.open, 0)) AS reserved,
        count(*) FILTER (WHERE s.sold <> coalesce(r.claimed, 0)) AS sold,
        count(*) FILTER (WHERE s.on_hand <> coalesce(l.total, 0)) AS on_hand,
        count(*) FILTER (WHERE s.band <> band_of(s)) AS band
    FROM stock s
    LEFT JOIN (SELECT variant_id, sum(quantity) FILTER (WHERE state IN (0, 3)) AS open,
        sum(quantity) FILTER (WHERE state = 1) AS claimed FROM reservation GROUP BY variant_id) r USING (variant_id)
    LEFT JOIN (SELECT variant_id, sum(delta) AS total FROM stock_ledger GROUP BY variant_id) l USING (variant_id)
"""

# A change still on its way to the shared database is no contradiction.
SETTLED_BANDS = """
    SELECT variant_id, band FROM stock WHERE variant_id::text NOT IN (
        SELECT body->>'variant_id' FROM outbox WHERE done_at IS NULL AND kind = 'StockBandChanged')
"""

MISTOLD = """
    SELECT count(*) FROM unnest($1::uuid[], $2::text[]) AS true_one(variant_id, band)
    LEFT JOIN stock_band b USING (variant_id) WHERE coalesce(b.band, 'out') <> true_one.band
"""


async def verify(bucket: int) -> Drift:
    """How many variants of this bucket's shard contradict their reservations, ledger, band or projection."""
    async with reading(bucket) as db:
        found = await db.fetchrow(CONTRADICTIONS)
        bands = await db.fetch(SETTLED_BANDS)
    async with reading(EVERYONE) as db:
        mistold = await db.fetchval(MISTOLD, [row["variant_id"] for row in bands], [row["band"] for row in bands])
    assert found is not None
    return Drift(**found, projected=mistold)


class Pinned(msgspec.Struct, frozen=True, kw_only=True):
    """A reservation whose payment was under way."""

    variant_id: UUID
    id: UUID
    order_id: UUID


def reservation_of(order_id: UUID, variant_id: UUID) -> UUID:
    """The id under which an order reserves a variant, known before it does."""
    return rules.reservation_id(order_id, variant_id)


async def long_pinned(bucket: int, *, age: float, most: int) -> list[Pinned]:
    """Reservations of this bucket's shard still pinned `age` seconds after their hold would have run out."""
    async with reading(bucket) as db:
        rows = await db.fetch(
            "SELECT variant_id, id, order_id FROM reservation WHERE state = 3 AND expires_at < clock_timestamp() - $1::interval"
            " ORDER BY expires_at LIMIT $2",
            seconds(age),
            most,
        )
    return [Pinned(**row) for row in rows]

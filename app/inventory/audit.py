"""Whether stock adds up, range by range of the id space, so that memory stays bounded; and what can be mended by itself."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import msgspec

from app.db.engines import EVERYONE, Database, reading, writing
from app.inventory.reservations import release_expired
from app.values import seconds

LATE = 60.0  # seconds a hold may outlive its time before a sweeper should have ended it

COUNTERS = """
    SELECT s.variant_id, s.reserved, coalesce(r.open, 0)::int AS held, s.sold, coalesce(r.claimed, 0)::int AS claimed,
        s.on_hand, coalesce(l.total, 0)::int AS booked, s.band, band_of(s) AS band_now
    FROM stock s
    LEFT JOIN (SELECT variant_id, sum(quantity) FILTER (WHERE state IN (0, 3)) AS open,
        sum(quantity) FILTER (WHERE state = 1) AS claimed FROM reservation WHERE id BETWEEN $1 AND $2 GROUP BY variant_id) r
        USING (variant_id)
    LEFT JOIN (SELECT variant_id, sum(delta) AS total FROM stock_ledger WHERE id BETWEEN $1 AND $2 GROUP BY variant_id) l
        USING (variant_id)
    WHERE s.variant_id BETWEEN $1 AND $2 AND (s.reserved <> coalesce(r.open, 0) OR s.sold <> coalesce(r.claimed, 0)
        OR s.on_hand <> coalesce(l.total, 0) OR s.band <> band_of(s))
"""  # reservations and ledger entries carry the bucket of their variant, so the range of ids holds for them, too
BANDS = """
    SELECT variant_id, band, back_on, band_version FROM stock WHERE variant_id BETWEEN $1 AND $2 AND variant_id::text NOT IN (
        SELECT body->>'variant_id' FROM outbox WHERE done_at IS NULL AND kind = 'StockBandChanged')
"""  # a change still on its way is no mistake
TOLD = """
    SELECT t.variant_id, coalesce(b.band, 'out') AS told, coalesce(b.version, 0) AS version, t.band
    FROM unnest($1::uuid[], $2::text[], $3::date[], $4::bigint[]) AS t(variant_id, band, back_on, version)
    LEFT JOIN stock_band b USING (variant_id)
    WHERE coalesce(b.band, 'out') <> t.band OR (b.version <> t.version AND b.back_on IS DISTINCT FROM t.back_on)
        OR b.version > t.version
"""
OVERDUE = "SELECT variant_id, id FROM reservation WHERE id BETWEEN $1 AND $2 AND state = 0 AND expires_at < clock_timestamp() - $3::interval"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something of a variant that is not as it should be. `told`: the version of a projection that is wrong."""

    variant_id: UUID
    what: str
    says: str
    but: str
    told: int | None = None


async def findings(buckets: range) -> list[Finding]:
    """What is wrong in these buckets, which lie on one shard."""
    first, last = UUID(int=buckets.start << 118), UUID(int=(buckets.stop << 118) - 1)
    async with reading(buckets.start) as db:
        found = [*await _counters(db, first, last), *await _overdue(db, first, last)]
        bands = await db.fetch(BANDS, first, last)
    return found + await _mistold(bands)


async def _counters(db: Database, first: UUID, last: UUID) -> list[Finding]:
    found = []
    for row in await db.fetch(COUNTERS, first, last):
        pairs = (
            ("reserved", row["reserved"], f"{row['held']} held or pinned"),
            ("sold", row["sold"], f"{row['claimed']} claimed"),
            ("on hand", row["on_hand"], f"{row['booked']} in the ledger"),
            ("band", row["band"], row["band_now"]),
        )
        true = (row["held"], row["claimed"], row["booked"], row["band_now"])
        found += [
            Finding(variant_id=row["variant_id"], what=what, says=str(says), but=but)
            for (what, says, but), is_true in zip(pairs, true, strict=True)
            if says != is_true
        ]
    return found


async def _overdue(db: Database, first: UUID, last: UUID) -> list[Finding]:
    rows = await db.fetch(OVERDUE, first, last, seconds(LATE))
    return [Finding(variant_id=row["variant_id"], what="hold", says="held", but="its time is over") for row in rows]


async def _mistold(bands: list[asyncpg.Record]) -> list[Finding]:
    columns = [[row[at] for row in bands] for at in range(4)]
    async with reading(EVERYONE) as db:
        rows = await db.fetch(TOLD, *columns)
    return [
        Finding(variant_id=r["variant_id"], what="pages", says=r["told"], but=f"the band is {r['band']}", told=r["version"])
        for r in rows
    ]  # fmt: skip


async def mend(finding: Finding) -> bool:
    """What follows from reservations, ledger and stock is so again; no unit is made or lost. Emits StockBandChanged.

    False when a person must look: the reservations themselves ask for more than there is.
    """
    if finding.what == "hold":
        await release_expired(finding.variant_id)
        return True
    try:
        async with writing(finding.variant_id) as db:
            await db.execute("SELECT mend_stock($1, $2)", finding.variant_id, finding.told)
    except asyncpg.CheckViolationError:
        return False
    return True

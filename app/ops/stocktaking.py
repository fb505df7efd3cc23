"""Stock over all shards for `vitrine stock`: what does not add up, mending it, and what somebody has counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, all_shards, reading
from app.inventory import audit, queries
from app.inventory import operations as inventory
from app.inventory.audit import Finding
from app.ops.paging import by_id, pages
from app.orders import operations as orders
from app.settings import settings
from app.values import Refusal, seconds

AT_A_TIME = 32  # buckets: of a million variants about 31,000
SHOWN = 200  # findings kept of one kind; all are counted, and mended
LONG_PINNED = 900.0  # seconds beyond its hold that a payment may take
PINNED = """
    SELECT id, variant_id, order_id, expires_at > clock_timestamp() - $3::interval AS recent FROM reservation
    WHERE id > $1 AND state = 3 ORDER BY id LIMIT $2
"""
# Something has just happened to the order, or its payment can still come, or a person decides.
WAITING = """
    SELECT o.id, o.status, clock_timestamp() - $2::interval < (SELECT max(at) FROM order_event e WHERE e.order_id = o.id)
        OR o.status = 'awaiting_payment' AND EXISTS (SELECT FROM payment_attempt a WHERE a.order_id = o.id AND (a.frozen <> ''
            OR a.status IN ('created', 'sending', 'requires_action', 'unknown') AND a.until > clock_timestamp() - $2::interval)) AS waits
    FROM orders o WHERE o.id = ANY($1)
"""

Progress = Callable[[int, int], None]


class NoSuchSku(Refusal):
    status = 2


class Taking(msgspec.Struct, kw_only=True):
    """What came of it. `counts`: findings by what is wrong; `mended` of them; `people`: what only a person can settle."""

    variants: int = 0
    counts: dict[str, int] = {}
    found: list[Finding] = []
    mended: int = 0
    people: list[Finding] = []


async def verify(*, repair: bool, progress: Progress) -> Taking:
    """Looks at every shard, a range of buckets after the other; `repair` mends what follows from what is there."""
    taking = Taking()
    counts: Counter[str] = Counter()
    done, total = 0, sum(shard.size for shard in all_shards())
    for shard in all_shards():
        for start in range(shard.first, shard.first + shard.size, AT_A_TIME):
            buckets = range(start, min(start + AT_A_TIME, shard.first + shard.size))
            await _range(taking, counts, await audit.findings(buckets), buckets if repair else None)
            done += len(buckets)
            progress(done, total)
        await _pins(taking, counts, shard.first, repair=repair)
        taking.variants += await queries.kept(shard.first)
    taking.counts = dict(counts)
    return taking


async def _range(taking: Taking, counts: Counter[str], found: list[Finding], mend: range | None) -> None:
    for finding in found:
        _note(taking, counts, finding)
    if mend is None or not found:
        return
    for finding in {(each.variant_id, each.what == "hold"): each for each in sorted(found, key=_told)}.values():
        await audit.mend(finding)
    left = [each for each in await audit.findings(mend) if each.what != "pages"]  # pages follow with the relay
    taking.mended += len(found) - len(left)
    taking.people += left[: SHOWN - len(taking.people)]


def _told(finding: Finding) -> int:
    """Of several findings of one variant, one is mended: the one that knows what pages were told."""
    return -1 if finding.told is None else finding.told


def _note(taking: Taking, counts: Counter[str], finding: Finding) -> None:
    counts[finding.what] += 1
    if counts[finding.what] <= SHOWN:
        taking.found.append(finding)


async def _pins(taking: Taking, counts: Counter[str], bucket: int, *, repair: bool) -> None:
    """Stock kept for a payment that nobody is making any more. The order says so: a pin is looked at, and put off, all the time."""
    async for page in pages(bucket, PINNED, seconds(LONG_PINNED)):
        known = await by_id({row["order_id"] for row in page}, WAITING, seconds(LONG_PINNED + settings().hold_seconds))
        for row in page:
            order = known.get(row["order_id"])
            if order["waits"] if order else row["recent"]:
                continue
            status = f"its order is {order['status']}" if order else "its order is unknown"
            _note(taking, counts, Finding(variant_id=row["variant_id"], what="pin", says="pinned", but=status))
            if repair:
                await orders.drive(row["order_id"])
                await orders.settle_pinned(
                    queries.Pinned(variant_id=row["variant_id"], id=row["id"], order_id=row["order_id"])
                )
                taking.mended += 1


async def variant_of(sku: str) -> UUID:
    """The variant with this stock keeping unit. Raises NoSuchSku."""
    async with reading(EVERYONE) as db:
        id = await db.fetchval("SELECT id FROM variant WHERE sku = $1", sku)
    if id is None:
        raise NoSuchSku(f"There is no variant with the SKU {sku}.")
    return id


async def count(sku: str, on_hand: int, by: str) -> dict[str, object]:
    """So many were counted. Raises NoSuchSku and what `inventory.count` raises."""
    variant_id = await variant_of(sku)
    difference = await inventory.count(variant_id, on_hand, reference=by)
    return {"sku": sku, "variant_id": variant_id, "on_hand": on_hand, "difference": difference}

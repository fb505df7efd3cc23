"""Orders stay where they were placed: whoever may read one besides has a row beside it, and one that finds it beside themselves.

Two shards, two transactions, the one that allows first: a row that only finds an order shows nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.accounts.events import ShopperChanged
from app.db.engines import EVERYONE, Database, all_shards, reading, writing
from app.db.outbox import emit
from app.db.sharding import shard_of
from app.values import bucket_of, new_id

MOST = 500  # orders that one sign-in brings along
OF_GUEST = "SELECT id, coalesce(placed_at, created_at) AS at FROM orders WHERE shopper_id = $1 AND status <> 'rejected' ORDER BY id DESC LIMIT $2"
BY_EMAIL = "SELECT order_id AS id, placed_at AS at FROM order_index WHERE lower(email) = $1 AND status <> 'rejected' ORDER BY placed_at DESC LIMIT $2"
READERS = """
    INSERT INTO order_reader (id, order_id, shopper_id)
    SELECT n.id, o.id, $3 FROM unnest($1::uuid[], $2::uuid[]) AS n(id, order_id) JOIN orders o ON o.id = n.order_id
    WHERE o.shopper_id <> $3 AND ($4 = '' OR lower(o.email) = $4) ON CONFLICT (order_id, shopper_id) DO NOTHING
"""
KNOWN = """
    INSERT INTO order_known (id, shopper_id, order_id, placed_at)
    SELECT id, $3, order_id, at FROM unnest($1::uuid[], $2::uuid[], $4::timestamptz[]) AS n(id, order_id, at)
    WHERE EXISTS (SELECT FROM shopper WHERE id = $3) AND NOT EXISTS (SELECT FROM orders WHERE id = order_id AND shopper_id = $3)
    ON CONFLICT (shopper_id, order_id) DO NOTHING
"""

Orders = list[tuple[UUID, datetime]]


async def share_guests(guest_id: UUID, shopper_id: UUID) -> int:
    """The shopper can read and find what they ordered as a guest. Returns how many orders; twice is once."""
    async with reading(guest_id) as db:
        orders: Orders = [(row["id"], row["at"]) for row in await db.fetch(OF_GUEST, guest_id, MOST)]
    return await _share(orders, shopper_id)


async def share_by_email(email: str, shopper_id: UUID) -> int:
    """The same with what was ordered with an address that is proved to be theirs."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(BY_EMAIL, email, MOST)
    return await _share([(row["id"], row["at"]) for row in rows], shopper_id, email)


async def remember(order_id: UUID, shopper_id: UUID) -> None:
    """The shopper finds an order that they may read, among their own."""
    async with reading(order_id) as db:
        at = await db.fetchval("SELECT coalesce(placed_at, created_at) FROM orders WHERE id = $1", order_id)
    if at:
        await _find([(order_id, at)], shopper_id)


async def _share(orders: Orders, shopper_id: UUID, email: str = "") -> int:
    for some in _by_shard(orders).values():
        async with writing(some[0][0], step="share") as db:
            await _allow(db, [id for id, _ in some], shopper_id, email)
    if orders:
        await _find(orders, shopper_id)
    return len(orders)


async def _allow(db: Database, ids: list[UUID], shopper_id: UUID, email: str) -> None:
    await db.execute(READERS, [new_id(bucket_of(id)) for id in ids], ids, shopper_id, email)


async def _find(orders: Orders, shopper_id: UUID) -> None:
    ids, bucket = [id for id, _ in orders], bucket_of(shopper_id)
    async with writing(shopper_id, step="find") as db:
        found = await db.execute(KNOWN, [new_id(bucket) for _ in ids], ids, shopper_id, [at for _, at in orders])
        if found:  # their kept holes say how many orders they have
            await emit(ShopperChanged(shopper_id=shopper_id))


def _by_shard(orders: Iterable[tuple[UUID, datetime]]) -> dict[str, Orders]:
    grouped: dict[str, Orders] = defaultdict(list)
    for id, at in orders:
        grouped[shard_of(bucket_of(id), all_shards()).schema].append((id, at))
    return grouped

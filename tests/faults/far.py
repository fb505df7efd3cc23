"""Two of the four shards are on another server: who and what is there, and what shoppers are told."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import Busy, all_shards
from app.db.sharding import shard_of
from app.orders import operations as orders
from app.orders.operations import Placing
from app.values import bucket_of
from tests.makers import a_product, a_shopper


def with_far_half(near: str, far: str) -> str:
    """VITRINE_SHARDS with the upper two on the far server."""
    return " ".join(f"{near if number < 2 else far}#s{number:02}" for number in range(4))


def is_far(id: UUID) -> bool:
    return shard_of(bucket_of(id), all_shards()).schema >= "s02"


async def shopper(*, far: bool) -> UUID:
    """A shopper whose shard is on the far or on the near server."""
    while True:
        id = await a_shopper()
        if is_far(id) == far:
            return id


async def variant(*, far: bool) -> UUID:
    while True:
        id = (await a_product(variants=[{"stock": 50}])).variant_id
        if is_far(id) == far:
            return id


async def placed(ask: Placing) -> str:
    """What a shopper is told when placing: the order's status, or `busy`."""
    try:
        return (await orders.place(ask)).state.status
    except Busy:
        return "busy"

"""A row of a shard to try transactions with."""

from __future__ import annotations

from app.accounts.tables import Shopper
from app.db.engines import reading, writing
from app.values import new_id, now


async def a_shopper(bucket: int):
    id = new_id(bucket)
    async with writing(id):
        await Shopper.insert(Shopper(id=id, created_at=now()))
    return id


async def is_there(shopper_id) -> bool:
    async with reading(shopper_id):
        return await Shopper.exists().where(Shopper.id == shopper_id)

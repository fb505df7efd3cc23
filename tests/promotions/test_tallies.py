"""How often promotions were used, as staff read it: counted as orders come and go, each once."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from app.db.engines import EVERYONE, reading, writing
from app.orders import operations, projection
from app.promotions import queries
from app.promotions.terms import Fixed
from tests.cart.test_codes import a_code
from tests.knobs import Scripted, provider
from tests.makers import a_placing, a_product, a_promotion, off_of
from tests.orders.books import row_of

pytestmark = pytest.mark.usefixtures("databases")


async def a_use_of(code: str) -> UUID:
    """An order that was placed with this code, and that staff have on their list."""
    variant_id = (await a_product(price=2000)).variant_id
    ask = await a_placing({variant_id: 1}, off=await off_of(code, variant_id))
    with provider(Scripted()):
        await operations.place(ask)
    assert (await row_of(ask.order_id))["status"] == "placed"
    await projection.index(ask.order_id)
    return ask.order_id


async def use_of(promotion_id: UUID) -> tuple[int, int]:
    row = await queries.one(promotion_id)
    assert row is not None
    return row.orders, row.given


async def test_an_order_counts_once_from_placing_until_it_is_cancelled() -> None:
    promotion = await a_promotion(Fixed(amount=300), code=a_code())
    first, second = await a_use_of(promotion.code), await a_use_of(promotion.code)
    async with writing(first) as db:
        await db.execute("UPDATE orders SET version = version + 1 WHERE id = $1", first)
    await asyncio.gather(*(projection.index(id) for id in (first, second, first)))
    before = await use_of(promotion.id)

    await operations.cancel_placed(second)
    for _ in range(2):
        await projection.index(second)

    assert before == (2, 600)
    assert await use_of(promotion.id) == (1, 300)


async def test_orders_from_before_there_were_tallies_are_counted_by_a_sweep() -> None:
    promotion = await a_promotion(Fixed(amount=300), code=a_code())
    old, cancelled = await a_use_of(promotion.code), await a_use_of(promotion.code)
    await operations.cancel_placed(cancelled)
    async with writing(EVERYONE) as db:
        await db.execute("DELETE FROM promotion_tally WHERE promotion_id = $1", promotion.id)
        await db.execute("UPDATE order_index SET counted = NULL WHERE order_id = ANY($1)", [old, cancelled])

    while await projection.count_old(EVERYONE):
        pass
    await projection.index(cancelled)

    assert await use_of(promotion.id) == (1, 300)
    async with reading(EVERYONE) as db:
        assert not await db.fetchval("SELECT count(*) FROM order_index WHERE counted IS NULL")

"""What listing.sql keeps on a product, when two transactions change its parts at once."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from app.db.engines import EVERYONE, writing
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")
BAND = "UPDATE stock_band SET band = 'out' WHERE variant_id = $1"
PRICE = "UPDATE price SET amount = 9000 WHERE variant_id = $1"
APPROVE = "UPDATE review SET state = 'approved' WHERE id = $1"


async def together(sql: str, ids: list[UUID]) -> None:
    """Each in a transaction of its own, which commits a moment after its statement: all of them overlap."""

    async def one(id: UUID) -> None:
        async with writing(EVERYONE) as db:
            await db.execute(sql, id)
            await asyncio.sleep(0.02)

    await asyncio.gather(*(one(id) for id in ids))


async def kept(product: makers.AProduct) -> tuple[str, int, int]:
    async with writing(EVERYONE) as db:
        row = await db.fetchrow("SELECT band, price_from, rating_sum FROM product WHERE id = $1", product.id)
    return row["band"], row["price_from"], row["rating_sum"]


async def test_parts_that_change_at_once_are_all_counted() -> None:
    for _ in range(10):
        product = await makers.a_product(variants=[{"options": {"size": size}} for size in "sm"])
        reviews = [await makers.a_review(product, rating=4, state="pending") for _ in range(2)]
        variants = [variant.id for variant in product.variants]

        await together(BAND, variants)
        await together(PRICE, variants)
        await together(APPROVE, reviews)

        assert await kept(product) == ("out", 9000, 8)


async def test_variants_that_change_products_crosswise_do_not_deadlock() -> None:
    one, two = await makers.a_product(), await makers.a_product()
    swap = """UPDATE variant SET product_id = CASE product_id WHEN $1 THEN $2::uuid ELSE $1 END
        WHERE product_id = ANY(ARRAY[$1::uuid, $2])"""

    async def swapped() -> None:
        async with writing(EVERYONE) as db:
            await db.execute(swap, one.id, two.id)

    await asyncio.gather(*(swapped() for _ in range(6)))

    assert (await kept(one))[:2] == (await kept(two))[:2] == ("in", 1400)

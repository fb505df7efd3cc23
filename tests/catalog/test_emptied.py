"""TRUNCATE leaves nothing stale: neither at the edge, nor in what products keep of the emptied table."""

from __future__ import annotations

import asyncpg
import pytest

from app.settings import settings
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


@pytest.mark.parametrize(
    ("table", "left"),
    [
        ("price", (None, "in", 1)),
        ("stock_band", (1400, "out", 1)),
        ("review CASCADE", (1400, "in", 0)),
        ("variant CASCADE", (None, "out", 1)),
    ],
)
async def test_what_a_product_keeps_of_an_emptied_table_is_true(table: str, left: tuple) -> None:
    product = await makers.a_product(price=1400)
    await makers.a_review(product)
    connection = await asyncpg.connect(settings().shared_dsn)
    transaction = connection.transaction()
    await transaction.start()  # taken back at the end: other tests need their rows

    await connection.execute(f"TRUNCATE {table}")
    row = await connection.fetchrow("SELECT price_from, band, rating_count FROM product WHERE id = $1", product.id)
    noted = await connection.fetchval(
        "SELECT count(*) FROM outbox WHERE body->>'all' = 'true' AND xmin = pg_current_xact_id()::xid"
    )

    await transaction.rollback()
    await connection.close()
    assert tuple(row) == left
    assert noted >= 1

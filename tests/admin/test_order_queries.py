"""How staff's lists of orders find their rows among all there ever were."""

from __future__ import annotations

import pytest

from app.admin.order_queries import ROWS
from app.admin.rules import like
from app.db.engines import EVERYONE, writing

pytestmark = pytest.mark.usefixtures("databases")


@pytest.mark.parametrize(
    ("q", "status", "index"),
    [("", "", "order_index_newest"), ("", "placed", "order_index_status"), ("lovelace", "", "order_index_words")],
)
async def test_a_list_of_orders_is_read_from_an_index(q: str, status: str, index: str) -> None:
    async with writing(EVERYONE) as db:
        await db.execute("SET LOCAL enable_seqscan TO off")  # the tests' few rows would be read whole
        await db.execute(f"SET LOCAL enable_indexscan TO {'off' if q else 'on'}")  # ... or one after another
        await db.execute("SET LOCAL plan_cache_mode TO force_custom_plan")
        plan = await db.fetch(f"EXPLAIN {ROWS}", q, like(q), status, None, None, 51)

    assert index in "\n".join(row[0] for row in plan)

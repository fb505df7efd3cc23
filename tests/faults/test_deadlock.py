"""Two transactions wait for each other, and the server ends ours: nobody is told of a failure, and the order goes on, once."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from app.db.engines import _place as place_of
from app.ops import verify
from app.orders import operations as orders
from app.settings import settings
from tests.faults import acts, ledger
from tests.knobs import provider
from tests.makers import a_placing, a_product
from tests.orders.books import attempts_of, numbers_of, pass_time
from tests.outboxes import settle

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_database")]

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


async def test_a_payment_whose_booking_was_a_deadlocks_victim_is_booked_once() -> None:
    variant_id = (await a_product(variants=[{"stock": 3, "band": "few"}])).variant_id
    ask = await a_placing({variant_id: 2})
    other = await asyncpg.connect(settings().shared_dsn)
    crossing: list[asyncio.Task[None]] = []

    async def sit_on_the_attempt() -> None:
        """Somebody has locked the attempt, and wants the order that T6 has locked before it comes to the attempt."""
        await other.execute(f"SET search_path TO {place_of(ask.order_id)[1]}; SET deadlock_timeout TO '1min'; BEGIN")
        await other.execute("SELECT FROM payment_attempt WHERE order_id = $1 FOR UPDATE", ask.order_id)
        crossing.append(asyncio.create_task(cross()))

    async def cross() -> None:
        while not await watcher.fetchval(WAITS):
            await asyncio.sleep(0.01)
        await other.execute("SELECT FROM orders WHERE id = $1 FOR UPDATE", ask.order_id)
        await other.execute("ROLLBACK")

    watcher = await asyncpg.connect(settings().shared_dsn)
    try:
        with provider(ledger.Ledger(after=sit_on_the_attempt)) as asked:  # type: ignore[arg-type]
            promised = await orders.place(ask)
            await acts.nobody_goes_on()
            await asyncio.gather(*crossing)
            stood = await acts.status_of(ask)
            await pass_time(ask.order_id, 20)
            await settle()
        happened = await watcher.fetchval(DEADLOCKS)
    finally:
        await other.close()
        await watcher.close()

    assert (promised.state.id, stood, happened) == (ask.order_id, "awaiting_payment", 1)
    assert (await attempts_of(ask.order_id), len(asked.charges)) == (
        ["authorised"],
        2,
    )  # asked again under the same key
    assert await numbers_of(variant_id) == (1, 0, 2)
    assert await verify.violations({ask.order_id: "placed"}) == []

"""What the databases say of an order: the questions tests ask after each fault."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.db.engines import all_shards, reading, writing
from app.inventory.queries import stock_of
from app.orders import queries
from app.orders.queries import State
from app.payments.gateway import Answer, Charge, Redirect
from app.payments.queries import Attempt
from app.values import now, seconds
from tests.knobs import Scripted, provider
from tests.makers import an_order


async def row_of(order_id: UUID) -> dict[str, Any]:
    async with reading(order_id) as db:
        row = await db.fetchrow("SELECT * FROM orders WHERE id = $1", order_id)
    assert row is not None
    return dict(row)


async def state_of(order_id: UUID) -> State:
    state = await queries.state(order_id)
    assert state is not None
    return state


async def history_of(order_id: UUID) -> list[str]:
    async with reading(order_id) as db:
        rows = await db.fetch("SELECT kind FROM order_event WHERE order_id = $1 ORDER BY at, id", order_id)
    return [row["kind"] for row in rows]


async def consequences_of(order_id: UUID) -> list[str]:
    """Kinds of the outbox rows about an order, sorted."""
    async with reading(order_id) as db:
        rows = await db.fetch("SELECT kind FROM outbox WHERE body->>'order_id' = $1 ORDER BY kind", str(order_id))
    return [row["kind"] for row in rows]


async def attempts_of(order_id: UUID) -> list[str]:
    async with reading(order_id) as db:
        rows = await db.fetch("SELECT status FROM payment_attempt WHERE order_id = $1 ORDER BY number", order_id)
    return [row["status"] for row in rows]


async def reservations_of(order_id: UUID, variant_id: UUID) -> list[int]:
    async with reading(variant_id) as db:
        rows = await db.fetch(
            "SELECT state FROM reservation WHERE order_id = $1 AND variant_id = $2", order_id, variant_id
        )
    return [row["state"] for row in rows]


async def numbers_of(variant_id: UUID) -> tuple[int, int, int]:
    """On hand, reserved, sold."""
    stock = await stock_of(variant_id)
    assert stock is not None
    return stock.on_hand, stock.reserved, stock.sold


async def cart_status(cart_id: UUID) -> str:
    async with reading(cart_id) as db:
        return await db.fetchval("SELECT status FROM cart WHERE id = $1", cart_id)


async def orders_from(cart_id: UUID) -> list[str]:
    async with reading(cart_id) as db:
        rows = await db.fetch("SELECT status FROM orders WHERE cart_id = $1 ORDER BY created_at", cart_id)
    return [row["status"] for row in rows]


async def pass_time(order_id: UUID, amount: float) -> None:
    """The order and its attempts are as they would be `amount` seconds later."""
    async with writing(order_id) as db:
        await db.execute(
            "UPDATE orders SET created_at = created_at - $2::interval, next_try = next_try - $2::interval WHERE id = $1",
            order_id,
            seconds(amount),
        )
        await db.execute(
            "UPDATE payment_attempt SET sent_at = sent_at - $2::interval, updated_at = updated_at - $2::interval,"
            " until = until - $2::interval WHERE order_id = $1",
            order_id,
            seconds(amount),
        )
        await db.execute("UPDATE order_event SET at = at - $2::interval WHERE order_id = $1", order_id, seconds(amount))


async def lines_of(order_id: UUID) -> list[dict[str, Any]]:
    async with reading(order_id) as db:
        return [
            dict(row) for row in await db.fetch("SELECT * FROM order_line WHERE order_id = $1 ORDER BY id", order_id)
        ]


def to_page(charge: Charge) -> Answer:
    """A provider whose page takes the card."""
    return Redirect(url="/their/page", until=now() + timedelta(minutes=30), reference="theirs")


async def at_the_page(variant_id: UUID | None = None) -> tuple[State, Attempt]:
    """An order whose shopper is at the provider's page."""
    with provider(Scripted(to_page)):
        state = await an_order({variant_id: 1} if variant_id else None)
    assert state.attempt is not None
    return state, state.attempt


async def order_ids_of(promotion_id: UUID) -> list[UUID]:
    """Orders that took off what this promotion gives."""
    found = []
    for shard in all_shards():
        async with reading(shard.first) as db:
            rows = await db.fetch("SELECT order_id FROM order_discount WHERE promotion_id = $1", promotion_id)
        found += [row["order_id"] for row in rows]
    return found

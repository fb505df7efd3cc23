"""Orders with money behind them, and what the rows say of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.db.engines import reading, writing
from app.db.outbox import read_event
from app.orders.queries import State
from app.payments import operations as payments
from app.payments import queries
from app.payments.queries import Attempt, Refund
from app.values import seconds
from jobs.after import JOBS
from tests.knobs import Scripted, provider
from tests.makers import an_order

WORK = ("CapturePayment", "VoidPayment", "RefundPayment")


async def a_paid_order(**more: Any) -> State:
    """An order whose payment is set aside, at a provider that says yes to everything."""
    with provider(Scripted()):
        state = await an_order(**more)
    assert state.status == "placed"
    return state


async def a_captured_order(**more: Any) -> State:
    state = await a_paid_order(**more)
    await request_capture(state.id, state.total)
    with provider(Scripted()):
        await work(state.id)
    return state


async def request_capture(order_id: UUID, amount: int) -> None:
    async with writing(order_id) as db:
        await payments.request_capture(db, order_id, amount)


async def refund(order_id: UUID, amount: int, key: UUID, reason: str = "broken") -> Refund:
    async with writing(order_id) as db:
        return await payments.open_refund(db, order_id, amount, key=key, reason=reason)


async def return_money(order_id: UUID, reason: str = "cancelled") -> str | None:
    async with writing(order_id) as db:
        return await payments.return_money(db, order_id, key=order_id, reason=reason)


async def work(order_id: UUID) -> list[str]:
    """Does what is due with the order's money, each thing once; says what failed and is due again."""
    async with reading(order_id) as db:
        sql = "SELECT * FROM outbox WHERE body->>'order_id' = $1 AND kind = ANY($2) AND done_at IS NULL ORDER BY id"
        rows = await db.fetch(sql, str(order_id), list(WORK))
    failed = []
    for row in rows:
        kind = next(kind for kind in JOBS if kind.__name__ == row["kind"])
        try:
            await JOBS[kind](read_event(kind, row["body"]), row["id"])
        except Exception as failure:
            failed.append(type(failure).__name__)
            continue
        async with writing(order_id) as db:
            await db.execute("UPDATE outbox SET done_at = clock_timestamp() WHERE id = $1", row["id"])
    return failed


async def attempt_of(order_id: UUID) -> Attempt:
    async with reading(order_id) as db:
        attempt = await queries.latest(db, order_id)
    assert attempt is not None
    return attempt


async def refunds_of(order_id: UUID) -> list[Refund]:
    async with reading(order_id) as db:
        return await queries.refunds_of(db, order_id)


async def notes_of(order_id: UUID, kind: str) -> list[str]:
    async with reading(order_id) as db:
        rows = await db.fetch(
            "SELECT note FROM order_event WHERE order_id = $1 AND kind = $2 ORDER BY id", order_id, kind
        )
    return [row["note"] for row in rows]


async def asked_long_ago(order_id: UUID, amount: float) -> None:
    """The provider was first asked for the order's refunds that many seconds earlier."""
    async with writing(order_id) as db:
        await db.execute(
            "UPDATE refund SET sent_at = sent_at - $2::interval WHERE order_id = $1", order_id, seconds(amount)
        )


def scripted(**says: Any) -> Scripted:
    """A provider whose answers about taking and giving back are these."""
    made = Scripted()
    for name, answer in says.items():
        assert hasattr(made, name)
        setattr(made, name, answer)
    return made

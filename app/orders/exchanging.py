"""A return whose outcome is the same article anew: another parcel, which costs nothing and counts for the return alone.

Whoever wants something else returns for a refund and orders that: prices, tax and payment have one way only.
"""

from __future__ import annotations

from uuid import UUID

from app.db.engines import reading, writing
from app.db.outbox import emit
from app.inventory import queries as stock
from app.orders import queries, returns
from app.orders.events import SendShipped, TakeReplacement
from app.orders.shipping import Disputed
from app.values import Refusal, bucket_of, new_id

PARCEL = "INSERT INTO shipment (id, order_id, key, carrier, tracking, return_id) VALUES ($1, $2, $3, $4, $5, $3)"
CONTENT = "INSERT INTO shipment_line (id, shipment_id, order_line_id, quantity) VALUES ($1, $2, $3, $4)"


class NothingToGive(Refusal):
    say = "There is none of it left to send in exchange. Refund it instead."


class RefundedBefore(Refusal):
    say = "The money for some of it went back already. Refund the rest of it instead."


async def exchange(order_id: UUID, return_id: UUID, *, carrier: str, tracking: str) -> None:
    """What came back is replaced: a parcel with the same is on its way. Raises NothingToGive, RefundedBefore, MovedOn.

    Emits SendReturn, SendShipped, and TakeReplacement for each line: the stock is on other shards, so units that somebody
    buys between our look and its job are owed there, and the next ones that come are never sold.
    """
    async with reading(order_id) as db:
        lines = await db.fetch(returns.OF_RETURN, return_id, order_id)
    for line in lines:
        there = await stock.stock_of(line["variant_id"])
        if there and there.policy == "stock" and there.available < line["quantity"]:
            raise NothingToGive
    async with writing(order_id, step="return_exchanged") as db:
        state = await queries.read_state(db, order_id, lock=True)
        if state and state.attempt and state.attempt.disputed:
            raise Disputed
        note = f"{carrier} {tracking}".strip()
        await returns.move(db, order_id, return_id, was="received", to="exchanged", note=note)
        lines = await db.fetch(returns.OF_RETURN, return_id, order_id)  # again: nobody refunds any of it from here on
        if any(line["owed"] < line["quantity"] for line in lines):
            raise RefundedBefore
        id = new_id(bucket_of(order_id))
        await db.execute(PARCEL, id, order_id, return_id, carrier, tracking)
        for line in lines:
            await db.execute(CONTENT, new_id(bucket_of(order_id)), id, line["id"], line["quantity"])
            await emit(TakeReplacement(order_id=order_id, variant_id=line["variant_id"], quantity=line["quantity"]))
        await emit(SendShipped(order_id=order_id, shipment_id=id))

"""Sending what was ordered, in as many parcels as it takes: each once, and never more than is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.orders import money, queries
from app.orders.events import SendShipped
from app.orders.queries import State
from app.payments import operations as payments
from app.values import Refusal, bucket_of, new_id

SHIPPED = (
    "UPDATE order_line SET shipped = shipped + $3 WHERE id = $1 AND order_id = $2 AND $3 > 0"
    " AND quantity - shipped - cancelled >= $3"
)
PARCEL = "INSERT INTO shipment (id, order_id, key, carrier, tracking) VALUES ($1, $2, $3, $4, $5)"
CONTENT = "INSERT INTO shipment_line (id, shipment_id, order_line_id, quantity) VALUES ($1, $2, $3, $4)"


class NotToBeSent(Refusal):
    say = "This order is not waiting to be sent."


class NothingInParcel(Refusal):
    say = "Say how many units of which line are in the parcel."
    status = 422


class NotThatManyLeft(Refusal):
    """`about` names the line: `line_id`."""

    say = "There are fewer units of this line left to send."
    status = 422


async def ship(order_id: UUID, lines: Mapping[UUID, int], *, carrier: str, tracking: str, key: UUID) -> UUID:
    """A parcel with these units by line is on its way; the same key again is the same parcel. Returns its id.

    Takes the order's money with the first parcel, if that was to wait so long, and closes the order with the last one.
    Emits SendShipped. Raises NotToBeSent, NothingInParcel, NotThatManyLeft, or CannotCapture when the money is not there.
    """
    async with writing(order_id, step="ship") as db:
        state = await queries.read_state(db, order_id, lock=True)
        known = await db.fetchval("SELECT id FROM shipment WHERE key = $1 AND order_id = $2", key, order_id)
        if known:
            return known
        if state is None or state.status != "placed":
            raise NotToBeSent
        if not lines:
            raise NothingInParcel
        await _take_money(db, state)
        id = new_id(bucket_of(order_id))
        await db.execute(PARCEL, id, order_id, key, carrier, tracking)
        await _pack(db, order_id, id, lines)
        await money.tell(db, order_id, "shipped", f"{carrier} {tracking}".strip())
        await emit(SendShipped(order_id=order_id, shipment_id=id))
        await money.close_if_done(db, order_id)
    return id


async def _pack(db: Database, order_id: UUID, id: UUID, lines: Mapping[UUID, int]) -> None:
    for line_id, quantity in lines.items():
        if not await db.execute(SHIPPED, line_id, order_id, quantity):
            raise NotThatManyLeft(line_id=line_id)
        await db.execute(CONTENT, new_id(bucket_of(order_id)), id, line_id, quantity)


async def _take_money(db: Database, state: State) -> None:
    """Nothing leaves the house unpaid: what is set aside is asked for, all of it, since that can be done only once."""
    if state.total and (state.attempt is None or state.attempt.frozen or not state.attempt.capturing):
        await payments.request_capture(db, state.id, state.total)

"""Sending what was ordered, in as many parcels as it takes: each once, and never more than is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.orders import money, queries
from app.orders.events import SendShipped
from app.orders.patience import PATIENCE, patiently
from app.orders.queries import State
from app.payments import operations as payments
from app.values import Refusal, bucket_of, new_id

SHIPPED = (
    "UPDATE order_line SET shipped = shipped + $3 WHERE id = $1 AND order_id = $2 AND $3 > 0"
    " AND quantity - shipped - cancelled >= $3"
)
PARCEL = "INSERT INTO shipment (id, order_id, key, carrier, tracking) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING"
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


class SentBefore(Refusal):
    say = "This form was sent before, for something else. Please open the order anew."


class Disputed(Refusal):
    say = "The customer disputes the payment of this order, so nothing (more) of it is sent."


class NotPaidYet(Refusal):
    say = "The money for this order is being taken. Please note the parcel again in a moment."


async def ship(order_id: UUID, lines: Mapping[UUID, int], *, carrier: str, tracking: str, key: UUID) -> UUID:
    """A parcel with these units by line is on its way; the same key again is the same parcel. Returns its id.

    Nothing leaves the house unpaid: if the money was to wait so long, it is taken first, and only then is there a parcel.
    Emits SendShipped. Raises NotToBeSent, NothingInParcel, NotThatManyLeft, SentBefore, NotPaidYet when the provider takes its time, or
    CannotCapture when the money is not there.
    """
    try:
        return await _send(order_id, lines, carrier=carrier, tracking=tracking, key=key)
    except NotPaidYet:
        pass
    try:
        await _take_money(order_id)
        return await _send(order_id, lines, carrier=carrier, tracking=tracking, key=key)
    except Refusal as no:
        no.half_done = True  # the money was asked for, and perhaps taken
        raise


async def _send(order_id: UUID, lines: Mapping[UUID, int], *, carrier: str, tracking: str, key: UUID) -> UUID:
    """All of it in one transaction, which closes the order with its last parcel."""
    async with writing(order_id, step="ship") as db:
        state = await queries.read_state(db, order_id, lock=True)
        known = await db.fetchval("SELECT id FROM shipment WHERE key = $1 AND order_id = $2", key, order_id)
        if known:
            await _check_same(db, known, lines)
            return known
        if state is None or state.status != "placed":
            raise NotToBeSent
        if not lines:
            raise NothingInParcel
        id = new_id(bucket_of(order_id))
        if not await db.execute(PARCEL, id, order_id, key, carrier, tracking):  # of another order of this shard
            raise SentBefore
        await _pack(db, order_id, id, lines)
        _check_paid(state)  # last: for a parcel that can't be sent nobody's money is taken
        await money.tell(db, order_id, "shipped", f"{carrier} {tracking}".strip())
        await emit(SendShipped(order_id=order_id, shipment_id=id))
        await money.close_if_done(db, order_id)
    return id


async def _check_same(db: Database, known: UUID, lines: Mapping[UUID, int]) -> None:
    """A form that was sent before is that very parcel again, or somebody has gone back and typed something else. Raises SentBefore."""
    rows = await db.fetch("SELECT order_line_id, quantity FROM shipment_line WHERE shipment_id = $1", known)
    if {row["order_line_id"]: row["quantity"] for row in rows} != dict(lines):
        raise SentBefore


async def _pack(db: Database, order_id: UUID, id: UUID, lines: Mapping[UUID, int]) -> None:
    for line_id, quantity in lines.items():
        if not await db.execute(SHIPPED, line_id, order_id, quantity):
            raise NotThatManyLeft(line_id=line_id)
        await db.execute(CONTENT, new_id(bucket_of(order_id)), id, line_id, quantity)


def _check_paid(state: State) -> None:
    if state.attempt is None or state.attempt.frozen:
        raise payments.CannotCapture(state.attempt.frozen if state.attempt else None)
    if state.attempt.disputed:
        raise Disputed
    if state.attempt.status != "captured":
        raise NotPaidYet


async def _take_money(order_id: UUID) -> None:
    """All that is due, since that can be done only once: first it is noted, then the provider is asked.

    The job of that note comes later: it is for a process that ends here, and for a provider that takes its time.
    """
    async with writing(order_id, step="ask_capture") as db:
        state = await queries.read_state(db, order_id, lock=True)
        if state is None or state.attempt is None:
            raise NotToBeSent
        if not state.attempt.capturing:
            await payments.request_capture(db, order_id, state.due, delay=PATIENCE)
    await patiently(_capture(order_id, state.attempt.id))


async def _capture(order_id: UUID, attempt_id: UUID) -> None:
    answer = await payments.capture(attempt_id)
    if not isinstance(answer, payments.Unknown):
        await money.captured(order_id, attempt_id, answer)

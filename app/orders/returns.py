"""A return, from the wish to its money: each step a conditional transition, with a line of history and a mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.orders import money, queries, refunding, returned, steps
from app.orders.events import OrderChanged, PutBack, SendReturn
from app.orders.refunding import Refunding
from app.settings import settings
from app.values import DAY, Refusal, bucket_of, new_id, seconds

NEXT = {
    "requested": ("approved", "rejected"),
    "approved": ("received",),
    "received": ("refunded", "exchanged"),
}
NEW = "INSERT INTO order_return (id, order_id, key, reason, faulty) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING"
CONTENT = "INSERT INTO return_line (id, return_id, order_line_id, quantity) VALUES ($1, $2, $3, $4)"
MOVED = "UPDATE order_return SET status = $3 WHERE id = $1 AND order_id = $2 AND status = $4"
OF_RETURN = """
    SELECT l.id, l.variant_id, p.quantity, least(p.quantity, l.quantity - l.refunded) AS owed, r.reason FROM return_line p JOIN order_line l ON l.id = p.order_line_id
    JOIN order_return r ON r.id = p.return_id WHERE p.return_id = $1 AND l.order_id = $2 ORDER BY l.id
"""


class NothingToReturn(Refusal):
    say = "Say how many of what you want to send back."
    status = 422


class NotReturnable(Refusal):
    """`about` names the line: `line_id`."""

    say = "That many can't be sent back any more."
    status = 422


class MadeForYou(Refusal):
    """`about` names the line: `line_id`."""

    say = "This was made for you, so it can be sent back only if it arrived faulty. If it did, say so below."
    status = 422


class AskedBefore(Refusal):
    say = "This form was sent before, for another order. Please open the order anew."


class MovedOn(Refusal):
    say = "This return is further already, or somebody has just decided otherwise."


async def request_return(
    order_id: UUID, lines: Mapping[UUID, int], reason: str, *, key: UUID, faulty: bool = False
) -> UUID:
    """The shopper wants to send these units back; the same key again is the same wish. Returns the return's id.

    `faulty`: they say it arrived so. Whoever calls this has asked whose order it is.
    Raises NothingToReturn, NotReturnable, MadeForYou, AskedBefore.
    """
    async with writing(order_id, step="return_requested") as db:
        await queries.read_state(db, order_id, lock=True)
        known = await db.fetchval("SELECT id FROM order_return WHERE key = $1 AND order_id = $2", key, order_id)
        if known:
            return known
        if not lines:
            raise NothingToReturn
        _judge(await db.fetch(returned.RETURNABLE, order_id, window()), lines, faulty=faulty)
        id = new_id(bucket_of(order_id))
        if not await db.execute(NEW, id, order_id, key, reason, faulty):
            raise AskedBefore
        for line_id, units in lines.items():
            await db.execute(CONTENT, new_id(bucket_of(order_id)), id, line_id, units)
        await _tell(db, order_id, id, "requested", reason)
    return id


def _judge(returnable: Sequence[Mapping[str, Any]], lines: Mapping[UUID, int], *, faulty: bool) -> None:
    left = {row["id"]: row for row in returnable}
    for line_id, units in lines.items():
        if line_id not in left or not 0 < units <= left[line_id]["units"]:
            raise NotReturnable(line_id=line_id)
        if left[line_id]["personal"] and not faulty:
            raise MadeForYou(line_id=line_id)


async def approve(order_id: UUID, return_id: UUID) -> None:
    """The shopper may send it. Raises MovedOn."""
    async with writing(order_id, step="return_approved") as db:
        await move(db, order_id, return_id, was="requested", to="approved")


async def reject(order_id: UUID, return_id: UUID) -> None:
    """The shopper keeps it. Raises MovedOn."""
    async with writing(order_id, step="return_rejected") as db:
        await move(db, order_id, return_id, was="requested", to="rejected")


async def receive(order_id: UUID, return_id: UUID, *, restock: bool) -> None:
    """It has arrived; with `restock` it can be sold again. Emits PutBack. Raises MovedOn."""
    async with writing(order_id, step="return_received") as db:
        await move(db, order_id, return_id, was="approved", to="received")
        for line in await db.fetch(OF_RETURN, return_id, order_id) if restock else ():
            await emit(PutBack(order_id=order_id, variant_id=line["variant_id"], quantity=line["quantity"]))


async def refund_return(order_id: UUID, return_id: UUID, *, amount: int | None = None) -> None:
    """What it cost goes back, as far as it has not gone back already; or another `amount`, perhaps 0. Raises MovedOn, CannotRefund."""
    async with writing(order_id, step="return_refunded") as db:
        await queries.read_state(db, order_id, lock=True)
        await move(db, order_id, return_id, was="received", to="refunded")
        lines = await db.fetch(OF_RETURN, return_id, order_id)
        units = {line["id"]: line["owed"] for line in lines if line["owed"]}
        if units or amount:
            ask = Refunding(lines=units, amount=amount, reason="Returned", restock=False, of="sent")
            await refunding.refund_within(db, order_id, ask, key=return_id)
        else:
            await money.tell(db, order_id, "nothing_due", "Returned")


def window() -> object:
    """How long after the last parcel something can be sent back."""
    return seconds(settings().return_days * DAY)


async def move(db: Database, order_id: UUID, return_id: UUID, *, was: str, to: str, note: str = "") -> None:
    """The one place where a return's status changes, in the caller's transaction. Raises MovedOn."""
    if to not in NEXT[was] or not await db.execute(MOVED, return_id, order_id, to, was):
        raise MovedOn
    await _tell(db, order_id, return_id, to, note)


async def _tell(db: Database, order_id: UUID, return_id: UUID, status: str, note: str = "") -> None:
    await db.execute("UPDATE orders SET version = version + 1 WHERE id = $1", order_id)
    await steps.note_event(db, order_id, f"return_{status}", note)
    await emit(SendReturn(order_id=order_id, return_id=return_id, status=status), OrderChanged(order_id=order_id))

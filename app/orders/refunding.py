"""Giving back a part of what was paid: for units of lines, or an amount, with a reason; never more than was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from app.db.engines import Database, writing
from app.db.outbox import emit
from app.orders import money, queries, rules
from app.orders.events import PutBack
from app.orders.shipping import NotThatManyLeft
from app.payments import operations as payments
from app.payments import queries as paid
from app.values import Refusal, bucket_of, new_id

# Of `any` ($4) those that were not sent yet are given up first: they will not be sent then. Before them those that were given
# up already and whose refund failed. $5: nothing was taken yet, so their money never comes.
REFUNDED = """
    UPDATE order_line SET refunded = refunded + $3, uncharged = uncharged + CASE WHEN $5 THEN $3 ELSE 0 END,
        cancelled = cancelled + CASE $4 WHEN 'sent' THEN 0 WHEN 'unsent' THEN $3
            ELSE least(greatest($3 - greatest(cancelled - refunded, 0), 0), quantity - shipped - cancelled) END
    WHERE id = $1 AND order_id = $2 AND $3 > 0 AND quantity - refunded >= $3
        AND ($4 <> 'unsent' OR quantity - shipped - cancelled >= $3)
    RETURNING variant_id, line_total, quantity, refunded - $3 AS before, concat_ws(', ', title, nullif(variant_title, '')) AS title
"""


# Whether some of these units were sent, and somebody is sending units of the line back.
COMING_BACK = """
    SELECT $3 > l.quantity - l.shipped - l.cancelled AND EXISTS (
        SELECT FROM return_line p JOIN order_return r ON r.id = p.return_id
        WHERE p.order_line_id = l.id AND r.status IN ('requested', 'approved', 'received'))
    FROM order_line l WHERE l.id = $1 AND l.order_id = $2
"""
NOTED = "INSERT INTO refund_line (id, refund_id, order_line_id, quantity, amount) VALUES ($1, $2, $3, $4, $5)"


class NothingToRefund(Refusal):
    say = "Say what is to be refunded: units of a line, or an amount."
    status = 422


class NotThatManyPaid(Refusal):
    """`about` names the line: `line_id`."""

    say = "There are fewer units of this line whose money has not gone back."
    status = 422


class BeingReturned(Refusal):
    """`about` names the line: `line_id`."""

    say = "Some of it is being sent back. Settle that return, which puts it back on the shelf."


class AllOfIt(Refusal):
    say = "Nothing of the order would be left. Refund the units without an amount, or cancel it: then all of it goes back."


class AnotherRefund(Refusal):
    """The key is that of a refund of something else."""


class Refunding(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. `amount`: instead of what the units cost. `restock`: the units are back, or never left, and can be sold.

    `of`: only units that were `sent`, or only `unsent` ones; of `any` those that were not sent are given up first.
    """

    lines: Mapping[UUID, int]
    amount: int | None
    reason: str
    restock: bool
    of: Literal["any", "sent", "unsent"] = "any"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Units of a line that a refund is for, and what they cost."""

    line_id: UUID
    units: int
    amount: int
    title: str = ""


async def refund(order_id: UUID, ask: Refunding, *, key: UUID) -> UUID:
    """Money is on its way back, once for each key; units that were not sent will not be.

    Returns the refund's id, or the key for units that cost nothing, or whose money went back before.

    Emits RefundPayment, PutBack, OrderChanged. Raises NothingToRefund, NotThatManyPaid, BeingReturned, AllOfIt, AnotherRefund, CannotRefund.
    """
    async with writing(order_id, step="refund") as db:
        return await refund_within(db, order_id, ask, key=key)


async def refund_within(db: Database, order_id: UUID, ask: Refunding, *, key: UUID) -> UUID:
    """The same in the caller's transaction."""
    state = await queries.read_state(db, order_id, lock=True)
    known = next((each for each in await paid.refunds_of(db, order_id) if each.key == key), None)
    if known:
        await _check_same(db, known, ask)
        return known.id
    if state is None or not await payments.heard_first(db, f"refund:{key}"):
        return key
    parts = await give_up_units(db, order_id, ask)
    if parts and ask.amount is not None:
        await _check_some_left(db, order_id)
    amount = await _due(db, order_id, parts) if ask.amount is None else ask.amount
    if not amount and not (parts and (ask.of == "sent" or ask.amount is None)):
        raise NothingToRefund
    if amount:
        refund = await payments.open_refund(db, order_id, amount, key=key, reason=ask.reason)
        await note_parts(db, refund.id, parts)
        await money.tell(db, order_id, "refund_opened", f"{payments.in_words(amount, state.currency)}. {ask.reason}")
    else:
        await money.tell(db, order_id, "nothing_due", ask.reason)
    await money.close_if_done(db, order_id)
    return refund.id if amount else key


async def _check_some_left(db: Database, order_id: UUID) -> None:
    """An order of which nothing was sent and nothing is to come ends with all of its money, whatever amount was typed. Raises AllOfIt."""
    state = await queries.read_state(db, order_id)
    if state and state.status == "placed" and not state.shipped and not state.to_come:
        raise AllOfIt


async def _check_same(db: Database, known: payments.Refund, ask: Refunding) -> None:
    """A form that was sent before is that very refund again, or somebody has gone back and typed something else. Raises AnotherRefund."""
    rows = await db.fetch("SELECT order_line_id, quantity FROM refund_line WHERE refund_id = $1", known.id)
    same = {row["order_line_id"]: row["quantity"] for row in rows} == dict(ask.lines)
    if not same or ask.amount not in (None, known.amount):
        raise AnotherRefund(
            f"This form was sent before, for {payments.in_words(known.amount, known.currency)}. Please open the order anew."
        )


async def _due(db: Database, order_id: UUID, parts: Sequence[Part]) -> int:
    """What the units cost; less when part of their money went back before, by an amount alone. Raises CannotRefund."""
    cost = sum(part.amount for part in parts)
    return min(cost, await payments.refundable(db, order_id)) if cost else 0


async def note_parts(db: Database, refund_id: UUID, parts: Sequence[Part]) -> None:
    """What the refund is for, line by line, in the caller's transaction."""
    for part in parts:
        id = new_id(bucket_of(refund_id))
        await db.execute(NOTED, id, refund_id, part.line_id, part.units, part.amount)


async def give_up_units(db: Database, order_id: UUID, ask: Refunding, *, untaken: bool = False) -> list[Part]:
    """The lines' units are refunded, or never charged where nothing was taken yet; returns what they cost."""
    parts = []
    for line_id, units in ask.lines.items():
        if ask.restock and ask.of == "any" and await db.fetchval(COMING_BACK, line_id, order_id, units):
            raise BeingReturned(line_id=line_id)
        line = await db.fetchrow(REFUNDED, line_id, order_id, units, ask.of, untaken)
        if line is None:
            raise NotThatManyLeft(line_id=line_id) if ask.of == "unsent" else NotThatManyPaid(line_id=line_id)
        cost = rules.part_of(line["line_total"], line["quantity"], before=line["before"], units=units)
        parts.append(Part(line_id=line_id, units=units, amount=cost, title=line["title"]))
        if ask.restock:
            await emit(PutBack(order_id=order_id, variant_id=line["variant_id"], quantity=units))
    return parts

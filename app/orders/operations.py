from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db.engines import OUTAGES, Busy
from app.inventory import operations as inventory
from app.inventory import queries as stock
from app.logs import log
from app.orders import limits, queries, steps, tries
from app.orders.cancelling import cancel_own, cancel_part, cancel_placed
from app.orders.credit_notes import issue as issue_credit_note
from app.orders.drive import drive, hear, look, look_again
from app.orders.exchanging import exchange
from app.orders.forgetting import forget_reader, scrub_old
from app.orders.invoices import issue as issue_invoice
from app.orders.links import knows_link, make_link, open_link
from app.orders.money import capture_again, captured, close, refund_settled, voided
from app.orders.outside import look_outside
from app.orders.papers import issue_missing
from app.orders.patience import patiently
from app.orders.projection import count_old, recount
from app.orders.promise import CartChanged, Placing, Promised, promise
from app.orders.queries import State
from app.orders.refunding import NotThatManyPaid, Refunding, refund
from app.orders.reminding import sweep_unpaid
from app.orders.replacing import give_up
from app.orders.returns import approve, receive, refund_return, reject, request_return
from app.orders.sharing import remember, share_by_email, share_guests
from app.orders.shipping import NotThatManyLeft, ship
from app.orders.state import UNPAID
from app.payments import operations as payments
from app.payments.queries import Attempt
from app.settings import settings

SWEEP = 50  # orders of a kind that one sweep takes on
AT_A_TIME = 8
# What may come out of a transaction's end without saying whether it was committed.
UNCLEAR = (
    *OUTAGES,
    TimeoutError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,  # a deadlock, of which this one was undone
    Busy,
)


async def place(ask: Placing) -> Promised:
    """The cart is an order, taken as far as it goes in PATIENCE seconds; the same order however often it is asked.

    Raises CartChanged, a refusal of `limits`, or Busy when nothing is known to have been written.
    """
    await limits.check_placing(ask)
    promised = await _promised(msgspec.structs.replace(ask, replaces=await _of_guest(ask)))
    state = promised.state
    return Promised(state=await _going_on(state, drive(state.id, state)), fresh=promised.fresh)


async def _of_guest(ask: Placing) -> UUID | None:
    """The unpaid order of a guest's cart that came into this one: of another bucket, so T1 can't look. Those of this cart it finds itself."""
    before = await queries.state(ask.replaces) if ask.replaces else None
    return before.id if before and before.cart_id != ask.cart_id and before.status in UNPAID else None


async def _promised(ask: Placing) -> Promised:
    try:
        return await promise(ask)
    except UNCLEAR as outage:  # committed or not? The order's own row knows
        known = await queries.state(ask.order_id)
        if known is None or known.shopper_id != ask.shopper_id:
            raise Busy from outage
        return Promised(state=known, fresh=True)


async def pay_again(order_id: UUID) -> State | None:
    """A new payment attempt if the last one failed; where the order stands then."""
    before = await queries.state(order_id)
    if before:
        await limits.check_paying_again(before)
    state = await steps.retry(order_id) or await queries.state(order_id)
    return await _going_on(state, drive(state.id, state)) if state else None


async def come_back(attempt: Attempt) -> None:
    """The shopper is back from the provider's page: what it says is true, or unknown as long as that takes more than PATIENCE seconds."""
    if await patiently(look(attempt)) is None:
        await steps.settle(attempt, payments.Unknown(why="it takes its time"))


async def _going_on(state: State, work: Coroutine[Any, Any, State | None]) -> State:
    """The order after up to PATIENCE seconds of `work`. Slower ones go on behind the answer, dead ones are swept on."""
    try:
        return await patiently(work) or state
    except (*UNCLEAR, asyncpg.PostgresError) as outage:
        log.warning("order waits for the sweeper", order=str(state.id), why=repr(outage))
        return state


async def sweep_orders(bucket: int) -> int:
    """Orders of this bucket's shard that a crash or an absent shopper left half-way go on. Returns how many."""
    due = await queries.stuck(bucket, SWEEP)
    limit = asyncio.Semaphore(AT_A_TIME)
    return sum(await asyncio.gather(*(_swept(order_id, limit) for order_id in due)))


async def _swept(order_id: UUID, limit: asyncio.Semaphore) -> bool:
    async with limit:
        try:
            await tries.note_try(order_id)
            await drive(order_id)
        except Exception:  # one order that can't go on must not stop the others; it is tried again
            log.exception("order could not be driven on", order=str(order_id))
            return False
    return True


async def sweep_pinned(bucket: int) -> int:
    """Stock that stayed pinned is claimed or released, as its order says. Returns how many reservations were looked at."""
    pinned = await stock.long_pinned(bucket, age=settings().stuck_seconds, most=SWEEP)
    for reservation in pinned:
        await _settled(reservation)
    return len(pinned)


async def _settled(reservation: stock.Pinned) -> None:
    try:
        await settle_pinned(reservation)
    except Exception:  # its order's shard may be away: it goes behind the others, which have waited as long
        log.exception("pinned stock could not be settled", order=str(reservation.order_id))
        await inventory.put_off((reservation.variant_id, reservation.id))


async def settle_pinned(reservation: stock.Pinned) -> None:
    """What was pinned is claimed or released, as its order says; while that can still be paid it stays pinned, and others come first."""
    state = await queries.state(reservation.order_id)
    pair = [(reservation.variant_id, reservation.id)]
    if state is None or state.status in ("rejected", "cancelled"):
        await inventory.release(pair)
    elif state.status in ("placed", "closed"):
        await inventory.claim(pair)
    else:
        await inventory.put_off(pair[0])


SWEEPS = (payments.sweep_declines, sweep_orders, sweep_pinned, sweep_unpaid)

__all__ = [
    "SWEEPS",
    "CartChanged",
    "NotThatManyLeft",
    "NotThatManyPaid",
    "Placing",
    "Promised",
    "Refunding",
    "approve",
    "cancel_own",
    "cancel_part",
    "cancel_placed",
    "capture_again",
    "captured",
    "close",
    "come_back",
    "count_old",
    "drive",
    "exchange",
    "forget_reader",
    "give_up",
    "hear",
    "issue_credit_note",
    "issue_invoice",
    "issue_missing",
    "knows_link",
    "look",
    "look_again",
    "look_outside",
    "make_link",
    "open_link",
    "pay_again",
    "place",
    "receive",
    "recount",
    "refund",
    "refund_return",
    "refund_settled",
    "reject",
    "remember",
    "request_return",
    "scrub_old",
    "settle_pinned",
    "share_by_email",
    "share_guests",
    "ship", "voided",
]  # fmt: skip

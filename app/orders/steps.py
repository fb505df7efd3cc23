"""The transitions of an order: each one transaction on its shard, conditional, with one order_event, and safe to repeat."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.accounts.events import ShopperChanged
from app.cart import operations as cart
from app.db.engines import Database, writing
from app.db.outbox import emit
from app.orders import links, queries, rights, rules
from app.orders.events import ClaimStock, ClearHeir, IssueInvoice, OrderChanged, ReleaseStock, SendConfirmation
from app.orders.queries import State
from app.payments import operations as payments
from app.payments.operations import Answer, Recorded
from app.payments.queries import Attempt
from app.settings import settings
from app.values import bucket_of, new_id

MOVE = """
    WITH moved AS (
        UPDATE orders SET status = $3, payment_status = $4, fulfilment_status = $5, reason = $6, version = version + 1,
            placed_at = CASE WHEN $3::varchar = 'placed' THEN now() ELSE placed_at END,
            tries = CASE WHEN $7 THEN 0 ELSE tries END,
            next_try = CASE WHEN $7 THEN clock_timestamp() ELSE next_try END
        WHERE id = $1 AND status = $2 RETURNING id)
    INSERT INTO order_event (id, order_id, kind, note, at) SELECT $8, id, $9, $10, clock_timestamp() FROM moved
"""  # $7: it got somewhere, so the sweeper begins to count anew


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order goes: its new status, that of its payment attempt if it moves too, and what its history says of it."""

    to: str
    kind: str
    attempt: str | None = None
    note: str = ""
    reason: str = ""


async def intend(state: State) -> Attempt | None:
    """T5: every line is pinned, so the first attempt is `sending`, committed before anybody talks to the provider.

    None if somebody else went on.
    """
    async with writing(state.id, step="t5") as db:
        if not await move(db, state, Turn(to="awaiting_payment", attempt="sending", kind="reserved")):
            return None
        return await payments.open_attempt(db, state.id, state.total, state.currency, status="sending")


async def reject(state: State, reason: str, note: str = "") -> None:
    """The order can't be kept: nothing was asked of the payment provider, the cart is as it was. Releases what was reserved."""
    async with writing(state.id, step="reject") as db:
        if state.attempt and not await payments.withdraw(db, state.attempt.id):
            return
        attempt = "expired" if state.attempt else None
        if await move(db, state, Turn(to="rejected", attempt=attempt, kind="rejected", note=note, reason=reason)):
            await emit(ReleaseStock(order_id=state.id), ShopperChanged(shopper_id=state.shopper_id))
            if state.attempt:  # then staff may have it on their list
                await emit(OrderChanged(order_id=state.id))


async def cancel(order_id: UUID, reason: str) -> bool:
    """An unpaid order without a living attempt is over; releases what was reserved. False when it could still be paid."""
    async with writing(order_id, step="cancel") as db:
        state = await queries.read_state(db, order_id, lock=True)
        if state is None or state.status != "awaiting_payment" or (state.attempt and state.attempt.alive):
            return False
        return await _end(db, state, reason)


async def retry(order_id: UUID) -> State | None:
    """A new attempt for an order whose last one failed; None when it can't be paid (again). What is pinned stays so."""
    async with writing(order_id, step="retry") as db:
        state = await queries.read_state(db, order_id, lock=True)
        if state is None or state.status != "awaiting_payment" or (state.attempt and state.attempt.alive):
            return None
        await move(db, state, Turn(to=state.status, attempt="created", kind="retried"))
        attempt = await payments.open_attempt(db, order_id, state.total, state.currency)
        return msgspec.structs.replace(state, attempt=attempt)


async def settle(attempt: Attempt, answer: Answer, message_id: str = "", *, over: str = "unpaid") -> State | None:
    """T6: what the provider said becomes true, once, whoever heard it: the shopper's return, a webhook or a sweep.

    `message_id`: of a webhook, which is acted on once; `over`: why the order ends if nobody pays any more. Emits what follows
    from it. Returns the order when that placed it.
    """
    async with writing(attempt.order_id, step="t6") as db:
        if message_id and not await payments.heard_first(db, message_id):
            return None
        state = await queries.read_state(db, attempt.order_id, lock=True)
        recorded = await payments.record(db, attempt.id, answer)
        if state is None or recorded is None:
            return None
        if recorded.status != "expired":
            return await FOLLOWS.get(recorded.status, _wait)(db, state, recorded)
        if state.status == "awaiting_payment":
            await _end(db, state, over)
        return None


async def _place(db: Database, state: State, recorded: Recorded) -> State | None:
    if state.status in ("placed", "closed"):  # once is enough, whatever is heard after
        return None
    paid = "authorised" if state.total else "captured"
    if not await move(db, state, Turn(to="placed", attempt=paid, kind="placed")):
        await payments.return_money(db, state.id, key=state.id, reason="paid too late")
        await _late(db, state, recorded)
        return None
    if not state.total:
        await _take_nothing(db, state)
    elif state.pays_first or settings().capture == "placed":
        await payments.request_capture(db, state.id, state.total)
    heir_id = await cart.clear_ordered(
        db, state.shopper_id, cart_id=state.cart_id, version=state.cart_version, lines=state.bought
    )
    if heir_id:
        await emit(ClearHeir(order_id=state.id, shopper_id=heir_id))
    row_id = await emit(*(event(order_id=state.id) for event in (SendConfirmation, ClaimStock, OrderChanged)))
    await links.write_link(db, state.id, row_id)
    return msgspec.structs.replace(state, status="placed")


async def _take_nothing(db: Database, state: State) -> None:
    """What costs nothing is paid with being placed."""
    await payments.take_nothing(db, state.id)
    await note_event(db, state.id, "captured", payments.in_words(0, state.currency))
    await emit(IssueInvoice(order_id=state.id))


async def _end(db: Database, state: State, reason: str) -> bool:
    moved = await move(db, state, Turn(to="cancelled", attempt="expired", kind="cancelled", reason=reason))
    if moved:
        await emit(ReleaseStock(order_id=state.id), OrderChanged(order_id=state.id))
    return moved


async def _frozen(db: Database, state: State, recorded: Recorded) -> None:
    """Nothing moves by itself any more; staff read why."""
    await note_event(db, state.id, "payment_frozen", recorded.words)
    await emit(OrderChanged(order_id=state.id))


async def _late(db: Database, state: State, recorded: Recorded) -> None:
    """Money came for an order that can't be had for it any more, and is on its way back; staff read that it was so."""
    await note_event(db, state.id, "payment_late", recorded.words)
    await emit(OrderChanged(order_id=state.id))


async def _refused(db: Database, state: State, recorded: Recorded) -> None:
    """The provider would not begin, which is for us to mend: nobody's card was declined, so nothing is counted."""
    await note_event(db, state.id, "payment_refused", recorded.words)
    await move(db, state, Turn(to=state.status, attempt="declined", kind="not_opened"))
    await emit(OrderChanged(order_id=state.id))


async def _wait(db: Database, state: State, recorded: Recorded) -> None:
    if recorded.status == "declined" and state.attempt:
        await count_decline(db, state, state.attempt.id)
    turn = Turn(to=state.status, attempt=recorded.status, kind=recorded.status, note=recorded.words)
    await move(db, state, turn)
    await emit(OrderChanged(order_id=state.id))


async def count_decline(db: Database, state: State, id: UUID) -> None:
    """A declined payment counts against whoever tried it."""
    client = await db.fetchval("SELECT client FROM orders WHERE id = $1", state.id)
    await payments.count_decline(db, id, shopper_id=state.shopper_id, client=client)


FOLLOWS = {"authorised": _place, "frozen": _frozen, "late": _late, "refused": _refused}


async def move(db: Database, state: State, turn: Turn) -> bool:
    """The one place where an order's status changes. False, and nothing written, if it is not where `state` says."""
    if turn.to != state.status and turn.to not in rules.NEXT.get(state.status, ()):
        return False
    derived = state.derived(turn.to, turn.attempt)
    moved = await db.execute(
        MOVE,
        state.id, state.status, turn.to, derived.payment, derived.fulfilment, turn.reason, turn.attempt != "unknown",
        new_id(bucket_of(state.id)), turn.kind, turn.note,
    )  # fmt: skip
    if moved and turn.to in ("cancelled", "rejected"):
        await payments.return_money(db, state.id, key=state.id, reason=turn.reason)
    if moved and turn.to == "cancelled" and state.status == "placed":
        await rights.give_back(state)
    return moved == 1


async def note_event(db: Database, order_id: UUID, kind: str, note: str = "") -> None:
    """One line of the order's history, in the transaction that made it true."""
    await db.execute(
        "INSERT INTO order_event (id, order_id, kind, note, at) VALUES ($1, $2, $3, $4, clock_timestamp())",
        new_id(bucket_of(order_id)), order_id, kind, note,
    )  # fmt: skip

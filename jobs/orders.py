from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from app.cart import operations as cart
from app.inventory import operations as inventory
from app.orders import operations as orders
from app.orders import projection, queries, reminding
from app.orders.events import (
    ClaimStock,
    ClearHeir,
    IssueInvoice,
    OrderChanged,
    PutBack,
    ReleaseStock,
    SendCancelled,
    SendConfirmation,
    SendPartCancelled,
    SendRefunded,
    SendReminder,
    SendReturn,
    SendShipped,
    TakeReplacement,
)
from jobs import mail


class NotAllPinned(RuntimeError):
    """A paid order whose stock was not pinned: nobody may sell what is not there, so a person must look."""


async def claim_stock(event: ClaimStock, row_id: UUID) -> None:
    """What the order reserved is sold. Twice is once."""
    state = await queries.state(event.order_id)
    if state and not await inventory.claim(state.reservations) and state.status != "cancelled":
        raise NotAllPinned(state.number)


async def release_stock(event: ReleaseStock, row_id: UUID) -> None:
    """What the order reserved can be bought by others. Twice is once."""
    state = await queries.state(event.order_id)
    if state:
        await inventory.release(state.reservations)


async def clear_heir(event: ClearHeir, row_id: UUID) -> None:
    """What a guest paid for after signing in is out of their account's cart. Twice is once; it waits until it has come in."""
    state = await queries.state(event.order_id)
    if state:
        await cart.clear_heir(event.shopper_id, cart_id=state.cart_id, order_id=state.id, lines=state.bought)


async def put_back(event: PutBack, row_id: UUID) -> None:
    """Units of a line go back on the shelf; first they were sold, even if nobody has noted that yet. Twice is once.

    A right to one of a product can be used again.
    """
    state = await queries.state(event.order_id)
    if state is None:
        return
    taken = [pair for pair in state.reservations if pair[0] == event.variant_id]
    if event.variant_id in {use.limit_id for use in state.uses}:
        await inventory.give_back(taken)
    elif await inventory.claim(taken):
        await inventory.put_back(event.variant_id, event.quantity, reference=state.number, key=row_id)


async def take_replacement(event: TakeReplacement, row_id: UUID) -> None:
    """What was sent in exchange is off the shelf. Twice is once; if somebody bought the last one, the next delivery pays."""
    state = await queries.state(event.order_id)
    if state:
        await inventory.take_out(event.variant_id, event.quantity, reference=state.number, key=row_id)


async def send_confirmation(event: SendConfirmation, row_id: UUID) -> None:
    """Mails the shopper what they bought. A repetition carries the same Message-ID."""
    view = await queries.order_to_mail(event.order_id)
    if view:
        subject = f"Your order {view.number}"
        await _send(event.order_id, row_id, subject, "confirmation", view)


async def remind_to_pay(event: SendReminder, row_id: UUID) -> None:
    """Mails the way back to the payment page, unless the order was paid or given up meanwhile."""
    view = await queries.order_to_mail(event.order_id)
    if view and await reminding.waits_at_page(event.order_id):
        await _send(event.order_id, row_id, f"Your order {view.number} waits for your payment", "unpaid", view)


async def send_shipped(event: SendShipped, row_id: UUID) -> None:
    """Mails the shopper what is on its way, and how to follow it."""
    view = await queries.shipped_mail(event.order_id, event.shipment_id)
    if view:
        subject = f"Your order {view.number} is on its way"
        await _send(event.order_id, row_id, subject, "shipped", view)


async def send_cancelled(event: SendCancelled, row_id: UUID) -> None:
    """Mails the shopper that nothing will come, and what becomes of their money."""
    view = await queries.order_to_mail(event.order_id)
    if view:
        subject = f"Your order {view.number} was cancelled"
        await _send(event.order_id, row_id, subject, "cancelled", view)


async def send_part_cancelled(event: SendPartCancelled, row_id: UUID) -> None:
    """Mails the shopper what can't be sent, and what they pay for the rest."""
    view = await queries.part_cancelled_mail(event.order_id, event.units, event.reason)
    if view:
        await _send(event.order_id, row_id, f"Part of your order {view.number} can't be sent", "part_cancelled", view)


async def send_refunded(event: SendRefunded, row_id: UUID) -> None:
    """Issues the refund's credit note, or what takes it back, and mails the shopper how much went or came back, and why.

    What is not true any more is not mailed.
    """
    credit_note = await orders.issue_credit_note(event.order_id, event.refund_id)
    view = await queries.refunded_mail(event.order_id, event.refund_id)
    if view and view.status == ("failed" if event.came_back else "done"):
        view = msgspec.structs.replace(view, credit_note=credit_note or "")
        subject = f"{'Our' if event.came_back else 'A'} refund for your order {view.number}{' came back' if event.came_back else ''}"
        template = "refund_returned" if event.came_back else "refunded"
        await _send(event.order_id, row_id, subject, template, view)


async def send_return(event: SendReturn, row_id: UUID) -> None:
    """Mails the shopper where their return stands."""
    view = await queries.return_mail(event.order_id, event.return_id, event.status)
    if view:
        await _send(event.order_id, row_id, f"Your return, order {view.number}", "return", view)


async def _send(order_id: UUID, row_id: UUID, subject: str, template: str, view: Any) -> None:
    """One mail about an order, with the link that opens it on whichever device it is read."""
    view = msgspec.structs.replace(view, open_url=await orders.make_link(order_id, view.number, row_id))
    await mail.send(row_id, to=view.email, subject=subject, template=template, view=view)


async def issue_invoice(event: IssueInvoice, row_id: UUID) -> None:
    """The order has its invoice. Twice is once."""
    await orders.issue_invoice(event.order_id)


async def index_order(event: OrderChanged, row_id: UUID) -> None:
    """Staff find the order as it is now."""
    await projection.index(event.order_id)

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.edge import tags
from app.orders import opening, operations, queries, sending_back
from app.orders.queries import AccountBitView, OwnOrdersView
from app.payments import operations as payments
from app.payments import queries as attempts
from app.web.pages import Fragment, Page, Visitor, action, hole, page, redirect
from app.web.pdf import pdf_response
from app.web.templates import url

NEUTRAL_ACCOUNT = '<a class="tool" id="account-bit" href="/account">Account</a>'
NEUTRAL_ORDERS = '<a href="/account">Your orders</a>'


@page("/orders/{number:str}", name="order")
async def order(number: FromPath[str], visitor: NamedDependency[Visitor]) -> Page:
    """What became of an order, for whoever placed it; nobody else can tell it from a missing one."""
    view = await queries.order_of(visitor.shopper_id, number) if visitor.shopper_id else None
    if view is None:
        return opening.elsewhere(number)
    return Page(template="orders/order.html", view=msgspec.structs.replace(view, may_join=not visitor.signed_in))


@page("/orders/{number:str}/invoice.pdf", name="invoice")
async def invoice(number: FromPath[str], visitor: NamedDependency[Visitor]) -> Response:
    """The order's invoice, for whoever may read the order; made anew from what was frozen when it was issued."""
    order_id = await queries.order_id_of(visitor.shopper_id, number) if visitor.shopper_id else None
    view = await queries.invoice_of(order_id) if order_id else None
    if view is None:
        raise NotFoundException
    return await pdf_response("orders/invoice.html", view, filename=f"invoice-{view.number}.pdf")


@page("/orders/{number:str}/credit-notes/{note_id:uuid}", name="credit_note")
async def credit_note(number: FromPath[str], note_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """What of the order's invoice a refund has undone, on the same terms."""
    order_id = await queries.order_id_of(visitor.shopper_id, number) if visitor.shopper_id else None
    view = await queries.credit_note_of(order_id, note_id) if order_id else None
    if view is None:
        raise NotFoundException
    return await pdf_response("orders/credit_note.html", view, filename=f"credit-note-{view.number}.pdf")


@action("/orders/{number:str}/pay", name="pay_again")
async def pay_again(number: FromPath[str], visitor: NamedDependency[Visitor]) -> Response:
    """On to the payment page: the open one, or a new one after a payment that failed."""
    order_id = await queries.order_id_of(visitor.shopper_id, number) if visitor.shopper_id else None
    if order_id is None:
        raise NotFoundException
    state = await operations.pay_again(order_id)
    return redirect(state.way_on if state else url("order", number=number))


@action("/orders/{number:str}/cancel", name="cancel_order")
async def cancel(number: FromPath[str], visitor: NamedDependency[Visitor]) -> Response:
    """The shopper has thought better of it."""
    order_id = await queries.order_id_of(visitor.shopper_id, number) if visitor.shopper_id else None
    if order_id is None or visitor.shopper_id is None:
        raise NotFoundException
    await operations.cancel_own(visitor.shopper_id, order_id)
    return redirect(url("order", number=number))


@page("/checkout/return/{attempt_id:uuid}", name="pay_return")
async def pay_return(attempt_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Page | Response:
    """Back from the provider's page: asks the provider what happened, whatever the browser says, and shows the order.

    A provider that takes its time is listened to behind the answer; the order's page then says that we wait, and asks again.
    """
    attempt = await attempts.attempt(attempt_id)
    state = await queries.state(attempt.order_id) if attempt else None
    if attempt is None or state is None:
        raise NotFoundException
    # Whoever comes back has paid, perhaps: in a browser that has lost its cookie, too.
    await operations.come_back(attempt)
    if visitor.shopper_id and await queries.order_id_of(visitor.shopper_id, state.number) == state.id:
        return redirect(url("order", number=state.number))
    return opening.elsewhere(state.number)


@action("/webhooks/{provider:str}", name="webhook")
async def webhook(request: Request, provider: FromPath[str]) -> Response[str]:
    """The provider has news of an attempt: signed, acted on once, and looked up rather than believed. 2xx after the commit."""
    message = payments.read_message(provider, request.headers, await request.body())
    if message is None:
        return _plain("not a message of ours", 400)
    attempt_id = await payments.whose(provider, message)
    if isinstance(attempt_id, payments.Unknown):
        return _plain("please tell us again", 503)
    attempt = await attempts.attempt(attempt_id) if attempt_id else None
    if (
        attempt is None or attempt.provider != provider
    ):  # of another shop of the same account: a failure would end all our messages
        return _plain("thank you, this is about nothing of ours", 200)
    heard = await operations.hear(attempt, message, f"{provider}:{message.id}")
    return _plain("thank you", 200) if heard else _plain("please tell us again", 503)


@hole("account", tier="value", neutral=NEUTRAL_ACCOUNT)
async def account_bit(visitor: NamedDependency[Visitor]) -> Fragment:
    """The way to one's account, in the header of every page: so it knows no more than the form of a page does."""
    return Fragment(template="orders/_account.html", view=AccountBitView(signed_in=visitor.signed_in))


@hole("orders", tier="visitor", neutral=NEUTRAL_ORDERS)
async def own_orders(visitor: NamedDependency[Visitor]) -> Fragment:
    """The way to one's orders with their number, where a shopper has lost the way."""
    count = await queries.order_count(visitor.shopper_id) if visitor.shopper_id else 0
    return Fragment(
        template="orders/_own.html",
        view=OwnOrdersView(orders=count),
        tags={tags.shopper(visitor.shopper_id)} if visitor.shopper_id else (),
        may_keep=visitor.pv_is_current,
    )


def _plain(words: str, status: int) -> Response[str]:
    return Response(words, status_code=status, media_type="text/plain", headers={"Cache-Control": "private, no-store"})


ROUTES = [
    *opening.ROUTES,
    *sending_back.ROUTES,
    order,
    invoice,
    credit_note,
    pay_again,
    cancel,
    pay_return,
    webhook,
    account_bit,
    own_orders,
]

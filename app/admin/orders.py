from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import order_queries as queries
from app.admin import rules
from app.admin.screens import screen
from app.orders import queries as placed
from app.web.pages import page
from app.web.pdf import pdf_response


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """One state of the list, as a link."""

    title: str
    url: str
    current: bool


class OrdersView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the list of orders."""

    q: str
    status: str
    tabs: list[Tab]
    rows: list[queries.OrderRow]
    newest_url: str | None
    older_url: str | None


@page("/orders", name="admin_orders")
async def orders(request: Request) -> Response:
    """Orders, newest first; the page after this one is named by its last order, so it stays right while others come in."""
    asked = request.query_params
    q = rules.search_of(asked.get("q", ""))
    status = asked.get("status", "") if asked.get("status") in rules.ORDER_STATUSES else ""
    after = rules.cursor_of(asked.get("after", ""))
    rows = await queries.order_rows(q, status, after=after)
    return screen(request, "orders.html", _orders_view(rows, q=q, status=status, further=after is not None))


def _orders_view(rows: list[queries.OrderRow], *, q: str, status: str, further: bool) -> OrdersView:
    def to(**other: str) -> str:
        return "/orders?" + urlencode(
            {key: value for key, value in ({"q": q, "status": status} | other).items() if value}
        )

    shown = rows[: queries.PER_PAGE]
    older = to(after=rules.cursor(shown[-1].placed_at, shown[-1].order_id)) if len(rows) > len(shown) else None
    tabs = [("All", ""), *((each.replace("_", " ").capitalize(), each) for each in rules.ORDER_STATUSES)]
    return OrdersView(
        q=q,
        status=status,
        tabs=[Tab(title=title, url=to(status=each), current=each == status) for title, each in tabs],
        rows=shown,
        newest_url=to() if further else None,
        older_url=older,
    )


@page("/orders/{number:str}", name="admin_order")
async def order(request: Request, number: str) -> Response:
    """One order, with everything that happened to it."""
    view = await queries.admin_order_view(number.upper())
    if view is None:
        raise NotFoundException
    return screen(request, "order.html", view)


@page("/orders/{number:str}/invoice.pdf", name="admin_invoice")
async def invoice(number: str) -> Response:
    """An order's invoice, as the shopper has it."""
    found = await queries.order_id_of(number.upper())
    view = await placed.invoice_of(found) if found else None
    if view is None:
        raise NotFoundException
    return await pdf_response("orders/invoice.html", view, filename=f"invoice-{view.number}.pdf")


@page("/orders/{number:str}/credit-notes/{note_id:uuid}", name="admin_credit_note")
async def credit_note(number: str, note_id: UUID) -> Response:
    """One of an order's credit notes, as the shopper has it."""
    found = await queries.order_id_of(number.upper())
    view = await placed.credit_note_of(found, note_id) if found else None
    if view is None:
        raise NotFoundException
    return await pdf_response("orders/credit_note.html", view, filename=f"credit-note-{view.number}.pdf")

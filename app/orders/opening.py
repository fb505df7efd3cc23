"""The page that a mail's link leads to: it asks for the e-mail address, and says the same to whoever should not get in."""

from __future__ import annotations

from uuid import UUID

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from app.accounts import operations as accounts
from app.orders import operations, queries
from app.web.forms import read_form
from app.web.pages import Page, Visitor, action, page, redirect, remember
from app.web.templates import url

# The address of this page is a key: no request that starts here may name it, and no search engine. The origin alone may be
# named: with `no-referrer` a browser that sends no Sec-Fetch-Site (each, on plain http) would post the form from "null".
SECRET = {"Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}


class OpenView(Struct, frozen=True, kw_only=True):
    """`missed`: what was typed opened nothing, whatever the reason."""

    number: str
    token: str
    typed: dict[str, str]
    errors: dict[str, str]
    missed: bool = False


class ElsewhereView(Struct, frozen=True, kw_only=True):
    """An address of an order that this browser may not read, or that nobody has: the way in is the same."""

    path: str


class OpenForm(Struct, frozen=True, kw_only=True):
    email: str


@page("/orders/{number:str}/open/{token:str}", name="open_order")
async def ask(number: FromPath[str], token: FromPath[str], visitor: NamedDependency[Visitor]) -> Page | Response:
    """Asks for the e-mail address, for any link at all; on to the order in a browser that may read it already."""
    if visitor.shopper_id and await queries.order_id_of(visitor.shopper_id, number):
        return redirect(url("order", number=number))
    return _gate(OpenView(number=number, token=token, typed={}, errors={}))


@action("/orders/{number:str}/open/{token:str}", name="open_order_now")
async def opened(
    request: Request, number: FromPath[str], token: FromPath[str], visitor: NamedDependency[Visitor]
) -> Page | Response:
    """On to the order for whoever has the link and knows the address; a miss looks like any other."""
    form = await read_form(request, OpenForm)
    email = form.typed.get("email", "")
    if await operations.knows_link(number, token, email):
        shopper_id = visitor.shopper_id or await _become_shopper(request)
        if await operations.open_link(number, token, shopper_id):
            return redirect(url("order", number=number))
    return _gate(OpenView(number=number, token=token, typed={"email": email}, errors={}, missed=True), status=422)


async def _become_shopper(request: Request) -> UUID:
    session = await accounts.open_session()
    remember(request, token=session.token, pv=session.pv, units=0)
    return session.shopper_id


def elsewhere(number: str) -> Page:
    """404 with the ways to an order of one's own: mails name orders, and are read on other devices."""
    view = ElsewhereView(path=url("order", number=number))
    return Page(template="orders/elsewhere.html", view=view, status=404)


def _gate(view: OpenView, status: int = 200) -> Page:
    return Page(template="orders/open.html", view=view, status=status, headers=SECRET)


ROUTES = [ask, opened]

"""An order once more: what is still sold goes into the cart, and what is not is said line by line."""

from __future__ import annotations

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.cart import queries as cart
from app.members import operations
from app.members.door import shown
from app.members.operations import AgainLine
from app.web.pages import Page, Visitor, action, page, redirect, remember
from app.web.templates import url


class AgainView(msgspec.Struct, frozen=True, kw_only=True):
    """What of an order can be had again. `why` of a line: why not; empty for what is in the cart. `told`: what found no place there."""

    number: str
    lines: list[AgainLine]
    told: list[str]


@action("/orders/{number:str}/again", name="order_again")
async def put_in(request: Request, number: FromPath[str], visitor: NamedDependency[Visitor]) -> Response:
    """On to the cart, or to the page that says what is missing in it."""
    if visitor.shopper_id is None:
        raise NotFoundException
    lines, came = await operations.put_in_again(visitor.shopper_id, number)
    remember(request, pv=came.pv or visitor.pv, units=came.units)
    missing = any(line.why for line in lines)
    to = url("ordered_again", number=number) if missing else url("cart")
    return redirect(f"{to}?left={came.left}" if came.left else to)


@page("/orders/{number:str}/again", name="ordered_again", query=("left",))
async def told(request: Request, number: FromPath[str], visitor: NamedDependency[Visitor]) -> Page:
    """Which lines can be had again and which can't, as things are now."""
    lines = await operations.lines_again(visitor.shopper_id, number) if visitor.shopper_id else []
    if not lines:
        raise NotFoundException
    words = cart.joined_words("", request.query_params.get("left", ""))
    return shown("again", AgainView(number=number, lines=lines, told=words))


ROUTES = [put_in, told]

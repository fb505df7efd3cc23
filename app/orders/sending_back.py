"""The form on an order's page with which a shopper asks to send something back."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Meta

from app.orders import operations, queries
from app.values import Refusal
from app.web.forms import read_form
from app.web.pages import Page, Visitor, action, page, redirect
from app.web.templates import url

UNITS = re.compile(r"[0-9]{1,4}")


class ReturnForm(msgspec.Struct, frozen=True, kw_only=True):
    """Its fields besides the lines' quantities."""

    key: Annotated[UUID, Meta(extra={"error": "This form is damaged. Please open the order anew."})]
    reason: Annotated[
        str,
        Meta(min_length=1, max_length=500, extra={"error": "At most 500 characters.", "missing": "Please say why."}),
    ]
    faulty: str = ""


@action("/orders/{number:str}/returns", name="return_order")
async def ask(request: Request, number: FromPath[str], visitor: NamedDependency[Visitor]) -> Page | Response:
    """The shopper wants to send something back; the page again, with what was typed, when that can't be."""
    order_id = await queries.order_id_of(visitor.shopper_id, number) if visitor.shopper_id else None
    if order_id is None or visitor.shopper_id is None:
        raise NotFoundException
    form = await read_form(request, ReturnForm)
    lines, errors = _units_of(form.typed)
    if form.value is None or errors:
        return await _again(visitor.shopper_id, number, form.typed, errors | form.errors, status=422)
    try:
        await operations.request_return(
            order_id, lines, form.value.reason, key=form.value.key, faulty=bool(form.value.faulty)
        )
    except Refusal as no:
        line_id = no.about.get("line_id")
        wrong = {f"return-{line_id}" if line_id else "reason": no.say}
        return await _again(visitor.shopper_id, number, form.typed, wrong, status=no.status)
    return redirect(url("order", number=number))


@page("/orders/{number:str}/returns", name="returns")
async def asked(number: FromPath[str]) -> Response:
    """The address a refused form leaves in the browser leads to the order."""
    return redirect(url("order", number=number))


def _units_of(typed: dict[str, str]) -> tuple[dict[UUID, int], dict[str, str]]:
    """Units by line, and what is no number, by field. What names no line of the order is refused with it later."""
    lines: dict[UUID, int] = {}
    errors: dict[str, str] = {}
    for field, text in typed.items():
        if not field.startswith("return-"):
            continue
        try:
            line_id = UUID(field.removeprefix("return-"))
        except ValueError:
            continue
        if not UNITS.fullmatch(text.strip() or "0"):
            errors[field] = "Please type a whole number."
        elif int(text.strip() or 0):
            lines[line_id] = int(text)
    return lines, errors


async def _again(shopper_id: UUID, number: str, typed: dict[str, str], errors: dict[str, str], *, status: int) -> Page:
    view = await queries.order_of(shopper_id, number)
    if view is None:
        raise NotFoundException
    return Page(
        template="orders/order.html", view=msgspec.structs.replace(view, typed=typed, errors=errors), status=status
    )


ROUTES = [ask, asked]

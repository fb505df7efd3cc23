"""The form of a parcel on an order's page."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException, NotFoundException
from msgspec import Meta

from app.admin import order_queries as queries
from app.admin.order_queries import OrderView
from app.admin.screens import screen, typed_fields
from app.orders import operations as orders
from app.values import Refusal
from app.web.forms import judge
from app.web.pages import action, page, redirect

UNITS = re.compile(r"[0-9]{1,6}")


class ParcelForm(msgspec.Struct, frozen=True, kw_only=True):
    """Its fields besides the lines' quantities."""

    key: Annotated[UUID, Meta(extra={"error": "This form is damaged. Please open the order anew."})]
    carrier: Annotated[str, Meta(max_length=60, extra={"error": "At most 60 characters."})] = ""
    tracking: Annotated[str, Meta(max_length=120, extra={"error": "At most 120 characters."})] = ""


@action("/orders/{number:str}/parcels", name="admin_ship")
async def send(request: Request, number: str) -> Response:
    """A parcel was sent; nothing is noted when any field is wrong."""
    view, typed = await _found(number), await typed_fields(request)
    if "key" not in typed:
        raise ClientException("The form did not arrive whole, so nothing was changed. Please try again.")
    form, (lines, errors) = judge(typed, ParcelForm), units_of(view, typed)
    if form.value is None or errors:
        return _again(request, view, typed, errors={**errors, **form.errors}, status=422)
    sent = form.value
    try:
        await orders.ship(view.id, lines, carrier=sent.carrier, tracking=sent.tracking, key=sent.key)
    except Refusal as no:
        line_id = no.about.get("line_id")
        view, field = await _found(number), f"ship-{line_id}" if line_id else "parcel"
        return _again(request, view, typed, errors={field: no.say}, status=no.status)
    return redirect(f"/orders/{view.number}")


@page("/orders/{number:str}/parcels", name="admin_parcels")
async def sent(number: str) -> Response:
    """The address a refused parcel leaves in the browser leads to the order."""
    return redirect(f"/orders/{(await _found(number)).number}")


def units_of(view: OrderView, typed: dict[str, str]) -> tuple[dict[UUID, int], dict[str, str]]:
    """How many units of each line are in the parcel, and what can't be right, by field. Empty fields are lines left out."""
    lines: dict[UUID, int] = {}
    errors: dict[str, str] = {}
    for line in view.lines:
        text = typed.get(line.field, "")
        if not UNITS.fullmatch(text or "0"):
            errors[line.field] = "Type a whole number."
        elif int(text or 0):
            lines[line.id] = int(text)
    return lines, errors


async def _found(number: str) -> OrderView:
    view = await queries.admin_order_view(number.upper())
    if view is None:
        raise NotFoundException
    return view


def _again(
    request: Request, view: OrderView, typed: dict[str, str], *, errors: dict[str, str], status: int
) -> Response:
    """The page with everything that was typed; the same key, so that a second try of what was noted after all is none."""
    more = {"typed": typed, "errors": errors}
    return screen(request, "order.html", msgspec.structs.replace(view, **more), status=status)

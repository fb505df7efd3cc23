"""The form of a parcel on an order's page."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Request, Response
from msgspec import Meta

from app.admin.order_forms import again, found, noted, typed_whole, units_of
from app.orders import operations as orders
from app.values import Refusal
from app.web.forms import judge
from app.web.pages import action, page, redirect


class ParcelForm(msgspec.Struct, frozen=True, kw_only=True):
    """Its fields besides the lines' quantities."""

    key: Annotated[UUID, Meta(extra={"error": "This form is damaged. Please open the order anew."})]
    carrier: Annotated[str, Meta(max_length=60, extra={"error": "At most 60 characters."})] = ""
    tracking: Annotated[str, Meta(max_length=120, extra={"error": "At most 120 characters."})] = ""


@action("/orders/{number:str}/parcels", name="admin_ship")
async def send(request: Request, number: str) -> Response:
    """A parcel was sent; nothing is noted when any field is wrong."""
    view, typed = await found(number), await typed_whole(request)
    form, (lines, errors) = judge(typed, ParcelForm), units_of({line.field: line.id for line in view.lines}, typed)
    if form.value is None or errors:
        return again(request, view, typed, errors={**errors, **form.errors}, status=422)
    sent = form.value
    try:
        async with noted(request, view, "parcel", carrier=sent.carrier, tracking=sent.tracking):
            await orders.ship(view.id, lines, carrier=sent.carrier, tracking=sent.tracking, key=sent.key)
    except Refusal as no:
        line_id = no.about.get("line_id")
        view, field = await found(number), f"ship-{line_id}" if line_id else "parcel"
        return again(request, view, typed, errors={field: no.say}, status=no.status)
    return redirect(f"/orders/{view.number}")


@page("/orders/{number:str}/parcels", name="admin_parcels")
async def sent(number: str) -> Response:
    """The address a refused parcel leaves in the browser leads to the order."""
    return redirect(f"/orders/{(await found(number)).number}")

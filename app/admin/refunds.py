"""Asking once more for money that did not come; undoing an order, or giving back a part of what was paid."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response
from msgspec import Meta

from app.admin import rules
from app.admin.order_forms import again, found, noted, typed_whole, units_of
from app.admin.order_views import OrderView
from app.admin.screens import typed_fields
from app.orders import operations as orders
from app.orders.operations import Refunding
from app.settings import settings
from app.values import Refusal
from app.web.forms import judge
from app.web.pages import action, page, redirect

LONGEST = 200  # characters of a reason
Reason = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST,
        extra={"error": f"At most {LONGEST} characters.", "missing": "Say why; the customer reads it."},
    ),
]


class RefundForm(msgspec.Struct, frozen=True, kw_only=True):
    """Its fields besides the lines' quantities and the amount."""

    key: Annotated[UUID, Meta(extra={"error": "This form is damaged. Please open the order anew."})]
    reason: Reason
    restock: Annotated[Literal["yes", "no"], Meta(extra={"error": "Choose one of the two."})]


class PartForm(msgspec.Struct, frozen=True, kw_only=True):
    """The fields besides the lines' quantities of the form that gives units up."""

    key: Annotated[UUID, Meta(extra={"error": "This form is damaged. Please open the order anew."})]
    because: Reason


@action("/orders/{number:str}/units", name="admin_cancel_part")
async def cancel_part(request: Request, number: str) -> Response:
    """Units that can't be sent are given up; nothing is done when any field is wrong."""
    view, typed = await found(number), await typed_whole(request)
    form, (lines, errors) = judge(typed, PartForm), units_of({line.cancel_field: line.id for line in view.lines}, typed)
    if form.value is None or errors:
        return again(request, view, typed, errors={**errors, **form.errors}, status=422)
    because = form.value.because
    try:
        async with noted(request, view, "units cancelled", units=str(sum(lines.values())), reason=because):
            await orders.cancel_part(view.id, lines, reason=because, key=form.value.key)
    except Refusal as no:
        line_id = no.about.get("line_id")
        errors = {f"cancel-{line_id}" if line_id else "units": no.say}
        return again(request, await found(number), typed, errors=errors, status=no.status)
    return redirect(f"/orders/{view.number}")


@page("/orders/{number:str}/units", name="admin_part_cancelled")
async def part_cancelled(number: str) -> Response:
    """The address a refused form leaves in the browser leads to the order."""
    return redirect(f"/orders/{(await found(number)).number}")


@action("/orders/{number:str}/cancel", name="admin_cancel")
async def cancel(request: Request, number: str) -> Response:
    """The whole order is undone."""
    view, typed = await found(number), await typed_fields(request)
    try:
        note = typed.get("note", "")[:LONGEST]
        async with noted(request, view, "cancelled", note=note):
            await orders.cancel_placed(view.id, note)
    except Refusal as no:
        return again(request, await found(number), typed, errors={"note": no.say}, status=no.status)
    return redirect(f"/orders/{view.number}")


@action("/orders/{number:str}/capture", name="admin_capture")
async def capture(request: Request, number: str) -> Response:
    """What could not be captured is asked for once more; of an order that is not paid yet the provider's books are read."""
    view = await found(number)
    did, ask = ("capture, again", orders.capture_again) if view.placed_at else ("look, again", orders.look_again)
    try:
        async with noted(request, view, did):
            await ask(view.id)
    except Refusal as no:
        return again(request, await found(number), {}, errors={"capture": no.say}, status=no.status)
    return redirect(f"/orders/{view.number}")


@page("/orders/{number:str}/capture", name="admin_captured")
async def captured(number: str) -> Response:
    """The address a refused form leaves in the browser leads to the order."""
    return redirect(f"/orders/{(await found(number)).number}")


@page("/orders/{number:str}/cancel", name="admin_cancelled")
async def cancelled(number: str) -> Response:
    """The address a refused form leaves in the browser leads to the order."""
    return redirect(f"/orders/{(await found(number)).number}")


@action("/orders/{number:str}/refunds", name="admin_refund")
async def refund(request: Request, number: str) -> Response:
    """Money is on its way back; nothing is done when any field is wrong."""
    view, typed = await found(number), await typed_whole(request)
    form = judge(typed, RefundForm)
    lines, errors = units_of({line.refund_field: line.id for line in view.lines}, typed)
    amount, wrong = _amount_of(typed.get("amount", ""), view)
    if form.value is None or errors or wrong:
        return again(request, view, typed, errors={**errors, **wrong, **form.errors}, status=422)
    ask = Refunding(lines=lines, amount=amount, reason=form.value.reason, restock=form.value.restock == "yes")
    try:
        units = str(sum(lines.values())) if lines else ""
        async with noted(request, view, "refund", amount=typed.get("amount", ""), units=units, reason=ask.reason):
            await orders.refund(view.id, ask, key=form.value.key)
    except Refusal as no:
        line_id = no.about.get("line_id")
        errors = {f"refund-{line_id}" if line_id else "amount": no.say}
        return again(request, await found(number), typed, errors=errors, status=422)
    return redirect(f"/orders/{view.number}")


@page("/orders/{number:str}/refunds", name="admin_refunds")
async def refunded(number: str) -> Response:
    """The address a refused form leaves in the browser leads to the order."""
    return redirect(f"/orders/{(await found(number)).number}")


def _amount_of(text: str, view: OrderView) -> tuple[int | None, dict[str, str]]:
    """The amount somebody typed, None for none: then the units' price goes back."""
    try:
        return (rules.price_of(text, view.currency, settings().locale) if text else None), {}
    except rules.Unreadable as why:
        return None, {"amount": str(why)}

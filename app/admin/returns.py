"""The steps of a return, each a button on the order's page."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from litestar import Request, Response
from litestar.exceptions import NotFoundException

from app.admin import rules
from app.admin.order_forms import again, found, noted
from app.admin.order_views import OrderView
from app.admin.screens import typed_fields
from app.orders import operations as orders
from app.payments.operations import CannotRefund
from app.settings import settings
from app.values import Refusal
from app.web.pages import action, page, redirect

STEPS: dict[str, Callable[[UUID, UUID], Awaitable[None]]] = {
    "approve": orders.approve,
    "reject": orders.reject,
    "receive": partial(orders.receive, restock=False),
    "restock": partial(orders.receive, restock=True),
}
NOTHING = re.compile(r"[^0-9]*0+([.,]0+)?[^0-9]*")


@action("/orders/{number:str}/returns/{return_id:uuid}/{step:str}", name="admin_return")
async def move(request: Request, number: str, return_id: UUID, step: str) -> Response:
    """A return takes its next step; nothing happens when somebody was faster."""
    view, typed = await found(number), await typed_fields(request)
    try:
        if step == "exchange":
            carrier, tracking = typed.get("carrier", "")[:60], typed.get("tracking", "")[:120]
            async with noted(request, view, "return, exchange", carrier=carrier, tracking=tracking):
                await orders.exchange(view.id, return_id, carrier=carrier, tracking=tracking)
        elif step == "refund":
            text = typed.get(f"amount-{return_id}", "")
            amount = _amount_of(text, view)
            async with noted(request, view, "return, refund", amount=text):
                await orders.refund_return(view.id, return_id, amount=amount)
        elif step in STEPS:
            async with noted(request, view, f"return, {step}"):
                await STEPS[step](view.id, return_id)
        else:
            raise NotFoundException
    except (rules.Unreadable, CannotRefund) as why:
        return again(request, await found(number), typed, errors={f"amount-{return_id}": str(why)}, status=422)
    except Refusal as no:
        return again(request, await found(number), typed, errors={f"return-{return_id}": no.say}, status=no.status)
    return redirect(f"/orders/{view.number}")


def _amount_of(text: str, view: OrderView) -> int | None:
    """What somebody typed instead of what the units cost: None for nothing, 0 for no money at all. Raises Unreadable."""
    if NOTHING.fullmatch(text):
        return 0
    return rules.price_of(text, view.currency, settings().locale) if text else None


@page("/orders/{number:str}/returns/{return_id:uuid}/{step:str}", name="admin_returned")
async def moved(number: str, return_id: UUID, step: str) -> Response:
    """The address a refused step leaves in the browser leads to the order."""
    return redirect(f"/orders/{(await found(number)).number}")

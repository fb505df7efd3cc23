"""Forms beside the three steps: what is left instead of what was asked for, and a note that is kept while it is written."""

from __future__ import annotations

from litestar import Request, Response
from litestar.di import NamedDependency

from app.cart import operations as cart
from app.checkout import operations, queries
from app.checkout.forms import PlaceForm
from app.web import hx
from app.web.forms import read_form
from app.web.pages import Visitor, action, redirect, remember
from app.web.templates import url

STEPS = {"details": "checkout", "shipping": "checkout_shipping"}  # where Edit leads, by what the button says


@action("/checkout/left", name="take_left")
async def take_left(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    """Lines that ask for more than there is hold what is left now, or are out; then the checkout goes on."""
    desk = await queries.desk(visitor.shopper_id) if visitor.shopper_id else None
    short = (await queries.told(desk, least=1)).view.short if desk else []
    if desk and short:
        changed = await cart.take_left(desk.shopper_id, {line.line_id: line.left or 0 for line in short})
        remember(request, pv=changed.pv, units=changed.units)
    return redirect(url("checkout_review"))


@action("/checkout/note", name="keep_note")
async def keep_note(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    """The note stays with the cart, finished or not; placing judges it. Then on to the step that is to be edited."""
    form = await read_form(request, PlaceForm)
    desk = await queries.desk(visitor.shopper_id) if visitor.shopper_id else None
    if desk:
        await operations.keep_note(desk, form.typed.get("note", desk.note))
    if hx.asked(request):
        return Response(None, status_code=204)
    return redirect(url(STEPS.get(form.typed.get("go", ""), "checkout_review")))


ROUTES = [take_left, keep_note]

from __future__ import annotations

import time

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency

from app.checkout import beside, operations, prefill, queries, rules
from app.checkout.forms import DetailsForm, PlaceForm, ShippingForm, judged
from app.checkout.queries import Desk
from app.orders import operations as orders
from app.orders import queries as known_orders
from app.settings import settings
from app.web.client import client_of
from app.web.forms import Form, read_form
from app.web.pages import Page, Visitor, action, page, redirect
from app.web.templates import url

TOO_OLD = "This page had been open for so long that we ask you to check it once more. Nothing was charged."
NOT_OURS = (
    "This page was not complete when it was sent. Please check it and press the button again. Nothing was charged."
)
CHOOSE = "Please choose how it should come."


@page("/checkout", name="checkout", query=("address",))
async def details(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Step 1: who and where; for who is signed in it begins with their book, and `address` chooses from it."""
    desk = await _desk(visitor)
    if desk is None:
        return redirect(url("cart"))
    saved = await prefill.saved_of(visitor)
    return await _details(desk, saved, prefill.prefilled(desk, saved, request.query_params.get("address", "")))


@action("/checkout/details", name="checkout_details")
async def save_details(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Keeps what was typed, or says what is wrong with it."""
    desk = await _desk(visitor)
    if desk is None:
        return redirect(url("cart"))
    form = await read_form(request, DetailsForm)
    errors, postcode = judged(form, DetailsForm, desk.countries)
    if errors or form.value is None or postcode is None:
        typed = {name: text[:300] for name, text in form.typed.items()}
        return await _details(desk, await prefill.saved_of(visitor), typed, errors)
    address = {name: getattr(form.value, name) for name in ("line1", "line2", "city", "country", "phone")}
    await operations.save_details(
        desk, email=form.value.email, name=form.value.name, address=address | {"postcode": postcode}
    )
    if visitor.signed_in:
        await operations.keep_in_book(desk.shopper_id, {"name": form.value.name, **address, "postcode": postcode})
    return redirect(url("checkout_shipping"))


@page("/checkout/shipping", name="checkout_shipping")
async def shipping(visitor: NamedDependency[Visitor]) -> Page | Response:
    """Step 2: how it comes."""
    desk = await _desk(visitor)
    if desk is None or not desk.has_details:
        return redirect(url("checkout") if desk else url("cart"))
    return await _step(desk, "shipping")


@action("/checkout/shipping", name="choose_shipping")
async def choose_shipping(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Keeps the choice."""
    desk = await _desk(visitor)
    if desk is None or not desk.has_details:
        return redirect(url("checkout") if desk else url("cart"))
    form = await read_form(request, ShippingForm)
    code = form.value.shipping_code if form.value else ""
    if code not in {method.code for method in desk.methods}:
        return await _step(desk, "shipping", errors={"shipping_code": CHOOSE})
    await operations.choose_shipping(desk, code)
    return redirect(url("checkout_review"))


@page("/checkout/review", name="checkout_review")
async def review(visitor: NamedDependency[Visitor]) -> Page | Response:
    """Step 3: everything that will be charged, and one button."""
    desk = await _desk(visitor)
    missing = _missing(desk)
    if desk is None or missing:
        return redirect(missing or url("cart"))
    return Page(template="checkout/review.html", view=queries.review_view(await queries.told(desk)))


@action("/checkout/place", name="place")
async def place(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Places the order that the page promised: exactly that one, exactly once. Then on to the payment."""
    form = await read_form(request, PlaceForm)
    ticket = rules.read_ticket(form.typed.get("token", ""), settings().secret)
    if visitor.shopper_id is None:
        return redirect(url("cart"))
    note = form.typed.get("note", "").strip()
    if ticket:
        before = await operations.placed_before(visitor.shopper_id, ticket, note)
        if before:
            return redirect(before)
    desk = await queries.desk(visitor.shopper_id, placing=True)
    missing = _missing(desk, may_be_blocked=True)
    if desk is None or missing:  # perhaps because a second click has placed it meanwhile
        before = await operations.placed_before(visitor.shopper_id, ticket, note) if ticket else None
        return redirect(before or missing or url("cart"))
    if ticket is None:
        return await _again(desk, form, 422, errors={"token": NOT_OURS})
    if form.value is None:
        return await _again(desk, form, 422, errors=form.errors)
    return await _placed(desk, form, ticket, client_of(request))


async def _details(
    desk: Desk, saved: prefill.Saved, typed: dict[str, str], errors: dict[str, str] | None = None
) -> Page:
    shown = await _step(desk, "details", typed=typed, errors=errors)
    return msgspec.structs.replace(shown, view=msgspec.structs.replace(shown.view, saved=saved.addresses))


async def _step(
    desk: Desk, step: str, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> Page:
    """The page of a step, with what is left of things that are short; 422 where something is wrong with it."""
    view = queries.step_view(await queries.told(desk), step, typed=typed, errors=errors)
    return Page(template=f"checkout/{step}.html", view=view, status=422 if errors else 200)


async def _placed(desk: Desk, form: Form[PlaceForm], ticket: rules.Ticket, client: str) -> Page | Response:
    if ticket.expires < time.time():
        return await _again(desk, form, 409, errors={"token": TOO_OLD})
    if not desk.view.can_checkout or queries.too_little(desk):
        return await _again(desk, form, 409, changes=_blocked(desk))
    promised_to = (ticket.cart_id, ticket.quote_hash, ticket.recipient)
    if promised_to != (desk.cart_id, desk.quote.hash, desk.recipient):
        return await _again(desk, form, 409, changes=queries.changes(ticket, desk))
    try:
        promised = await operations.place(desk, ticket, form.value.note if form.value else "", client)
    except orders.CartChanged as changed:
        return await _changed_meanwhile(desk, form, ticket, changed)
    state = promised.state
    if promised.fresh and state.status == "rejected" and not state.replaces_in_vain:
        return await _rejected(desk, form, state.number)
    return redirect(state.way_on if promised.fresh else state.url)


async def _changed_meanwhile(
    desk: Desk, form: Form[PlaceForm], ticket: rules.Ticket, changed: orders.CartChanged
) -> Page | Response:
    fresh = await queries.desk(desk.shopper_id, placing=True)
    missing = _missing(fresh, may_be_blocked=True)
    if fresh is None or missing:
        return redirect(missing or url("cart"))
    return await _again(fresh, form, 409, changes=queries.changes(ticket, fresh) or [changed.say])


async def _rejected(desk: Desk, form: Form[PlaceForm], number: str) -> Page:
    order = await known_orders.order_of(desk.shopper_id, number)
    fresh = await queries.told(await queries.desk(desk.shopper_id, placing=True) or desk, least=1)
    told = [order.events[-1].words, order.explanation] if order and not fresh.view.short else []
    return await _again(fresh, form, 409, changes=told)


async def _again(desk: Desk, form: Form[PlaceForm], status: int, **about: object) -> Page:
    """The review page once more, with a new promise and what was typed; nothing was ordered."""
    note = form.typed.get("note", desk.note)[: operations.MOST_NOTE]
    await operations.keep_note(desk, note)
    return Page(template="checkout/review.html", view=queries.review_view(desk, note=note, **about), status=status)  # type: ignore[arg-type]


def _blocked(desk: Desk) -> list[str]:
    return [f"{line.title}: {line.notice}" for line in desk.view.lines if not line.available]


def _missing(desk: Desk | None, *, may_be_blocked: bool = False) -> str | None:
    """The first step that is not complete, as the address to go to."""
    if desk is None or not (desk.view.can_checkout or may_be_blocked):
        return url("cart")
    if not desk.has_details:
        return url("checkout")
    return None if desk.method else url("checkout_shipping")


async def _desk(visitor: Visitor) -> Desk | None:
    """The visitor's checkout, or None when there is nothing in the cart that can be ordered."""
    desk = await queries.desk(visitor.shopper_id) if visitor.shopper_id else None
    return desk if desk and desk.view.can_checkout else None


ROUTES = [details, save_details, shipping, choose_shipping, review, place, *beside.ROUTES]

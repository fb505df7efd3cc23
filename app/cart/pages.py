from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from app.accounts import operations as accounts
from app.accounts import queries as people
from app.cart import aside, codes, moving, operations, queries, rules, texts
from app.cart.moving import changed_cart
from app.settings import settings
from app.values import Refusal
from app.web import hx
from app.web.forms import Form, read_form
from app.web.pages import Fragment, Page, Visitor, action, done, hole, page, redirect, remember
from app.web.templates import url
from app.web.visitor import forget, token_hash, token_of

HOW_MANY = f"Please choose a whole number from 1 to {rules.MOST}. Nothing was changed."
LONGEST_CODE = 60  # characters of it that are shown again
WHICH_ONE = "Please choose which one first. Nothing was put in your cart."
NEUTRAL_BADGE = '<a class="tool" id="cart-badge" href="/cart">Cart</a>'


class AddForm(msgspec.Struct):
    """What the buy button sends."""

    variant_id: Annotated[UUID, Meta(extra={"error": WHICH_ONE})]
    quantity: Annotated[int, Meta(ge=1, le=rules.MOST, extra={"error": HOW_MANY})]
    personal_text: str = ""


class LineForm(msgspec.Struct):
    """What a line of the cart sends; 0 removes it."""

    quantity: Annotated[int, Meta(ge=0, le=rules.MOST, extra={"error": HOW_MANY})]


class CodeForm(msgspec.Struct):
    """A promotion's code; empty takes out the one that is there."""

    code: str = ""


class Unusable(Refusal):
    status = 422


@page("/cart", name="cart", query=("removed", "joined", "left"))
async def cart(request: Request, visitor: NamedDependency[Visitor]) -> Page:
    """The cart at today's prices. What was just removed, named by the query, can be put back."""
    view = await _view(visitor, rules.read_id(request.query_params.get("removed", "")))
    told = rules.joined_words(request.query_params.get("joined", ""), request.query_params.get("left", ""))
    view = msgspec.structs.replace(view, notices=[*told, *view.notices])
    if visitor.shopper_id and (visitor.units != min(view.units, rules.MOST) or not visitor.pv_is_current):
        remember(request, pv=visitor.pv, units=view.units)  # an order or another browser has changed the cart
    return Page(template="cart/cart.html", view=view)


@hole("badge", tier="value", neutral=NEUTRAL_BADGE)
async def badge(visitor: NamedDependency[Visitor]) -> Fragment:
    """Units in the cart, in the header. Knows the number that the browser carries and nothing else."""
    return Fragment(template="cart/_badge.html", view=queries.BadgeView(units=visitor.units))


@action("/cart/lines", name="add_to_cart")
async def add_to_cart(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Puts a variant in the cart; the first time, that makes the visitor a shopper with a session."""
    form = await read_form(request, AddForm)
    if form.value is None:
        return await _add_again(request, form)
    try:
        offer = await operations.offer_of(form.value.variant_id, form.value.personal_text)
    except operations.WrongText as wrong:
        return texts.asked_again(request, wrong, form.value.personal_text, form.value.quantity)
    try:
        operations.judge_one(offer, form.value.quantity)  # before anybody becomes a shopper
        shopper_id = visitor.shopper_id or await _become_shopper(request)
        changed = await operations.add(shopper_id, offer, form.value.quantity)
    except operations.OneEach as no:
        if form.value.quantity == 1:  # the other one is in the cart: there is nothing to ask again
            raise
        return await _add_again(request, form, no.say)
    remember(request, pv=changed.pv, units=changed.units)
    if not hx.asked(request):
        return redirect(url("cart"))
    view = queries.added_view(offer, form.value.quantity, await queries.cart_view(shopper_id))
    return done(request, then=url("cart"), template="cart/_added.html", view=view, announce="cart-changed")


@action("/cart/lines/{line_id:uuid}", name="change_line")
async def change_line(request: Request, line_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response | Page:
    """Changes how many of a line, or removes it. Somebody else's line is answered like none."""
    form = await read_form(request, LineForm)
    if form.value is None:
        return await _unusable(request, visitor, form, form.errors["quantity"])
    if visitor.shopper_id is None:
        raise operations.NoSuchLine
    try:
        if form.value.quantity:
            changed = await operations.change(visitor.shopper_id, line_id, form.value.quantity)
        else:
            changed = await aside.remove(visitor.shopper_id, line_id)
    except operations.OneEach as no:
        return await _unusable(request, visitor, form, no.say)
    remember(request, pv=changed.pv, units=changed.units)
    return await changed_cart(request, visitor.shopper_id, None if form.value.quantity else line_id)


@action("/cart/code", name="cart_code")
async def code(request: Request, visitor: NamedDependency[Visitor]) -> Response | Page:
    """Puts a code in the cart; without one, takes it out. Back on the page, which says what it takes off or why nothing."""
    if visitor.shopper_id is None:
        return redirect(url("cart"))
    typed = (await read_form(request, CodeForm)).typed.get("code", "").strip()[:LONGEST_CODE]
    try:
        changed = await (codes.enter(visitor.shopper_id, typed) if typed else codes.take_out(visitor.shopper_id))
    except Refusal as no:
        view = msgspec.structs.replace(await _view(visitor), typed=typed, wrong=no.say)
        return Page(template="cart/cart.html", view=view, status=no.status)
    remember(request, pv=changed.pv, units=changed.units)
    return redirect(url("cart"))


async def heal(request: Request, visitor: Visitor) -> None:
    """The browser's cookies say what the session says: its private version and how much is in the cart, or that it is over."""
    if visitor.shopper_id is None:
        sent = token_of(request, settings())
        if sent and not await people.just_ended(token_hash(sent[0]), sent[1]):
            forget(request)
    elif not visitor.pv_is_current:
        stored = await queries.cart_of(visitor.shopper_id)
        remember(request, pv=visitor.pv, units=stored.units if stored else 0)


async def _add_again(request: Request, form: Form[AddForm], no: str = "") -> Page:
    """How many, asked once more on a page; htmx leaves the field alone and shows the words."""
    words = no or next(iter(form.errors.values()))
    sent = not hx.asked(request) and "variant_id" not in form.errors
    page = await texts.counted_again(UUID(form.typed["variant_id"].strip()), form.typed, words) if sent else None
    if page is None:
        raise Unusable(words)
    return page


async def _become_shopper(request: Request) -> UUID:
    session = await accounts.open_session()
    remember(request, token=session.token)
    return session.shopper_id


async def _unusable(request: Request, visitor: Visitor, form: Form[LineForm], words: str) -> Page:
    """The cart as it is, saying what was wrong with what was typed; htmx leaves the field alone and shows the words."""
    if hx.asked(request):
        raise Unusable(words)
    typed = form.typed.get("quantity", "").strip()[:20]
    view = await _view(visitor)
    notices = [f"“{typed}”: {words}" if typed else words, *view.notices]
    return Page(template="cart/cart.html", view=msgspec.structs.replace(view, notices=notices), status=422)


async def _view(visitor: Visitor, removed: UUID | None = None) -> queries.CartView:
    if visitor.shopper_id is None:
        return queries.view_of((), {})
    return await queries.cart_view(visitor.shopper_id, removed)


ROUTES = [cart, badge, add_to_cart, change_line, code, *moving.ROUTES]

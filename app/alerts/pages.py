from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Meta

from app.accounts import operations as accounts
from app.alerts import operations, queries
from app.values import Refusal
from app.web import hx
from app.web.client import client_of
from app.web.forms import read_form
from app.web.pages import Page, action, done, page, redirect
from app.web.seal import fragment_response
from app.web.templates import url

NO_EMAIL = "An e-mail address looks like name@example.org."
# The address of these pages is a key: nobody else may read it in a Referer.
SECRET = {"Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}


class AskForm(msgspec.Struct):
    """What the panel of a variant sends: tell me when it is back (`stock`), or when it costs less (`price`)."""

    variant_id: Annotated[UUID, Meta(extra={"error": "Please choose which one first."})]
    email: Annotated[str, Meta(min_length=3, max_length=254, extra={"error": NO_EMAIL})]
    kind: Literal["stock", "price"] = "stock"


class AskView(msgspec.Struct, frozen=True, kw_only=True):
    """The same form with what was wrong."""

    title: str
    back_url: str
    variant_id: UUID
    kind: str
    typed: dict[str, str]
    errors: dict[str, str]


class SentView(msgspec.Struct, frozen=True, kw_only=True):
    """The same for every address. `whole`: on a page of its own."""

    whole: bool = False


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: asked | waiting | over. `stops`: the link is the one that ends it. `kind`: stock | price."""

    state: str
    title: str
    token: str
    stops: bool
    kind: str


class Unusable(Refusal):
    status = 422


@action("/alerts", name="ask_alert")
async def ask(request: Request) -> Page | Response:
    """Asks the owner of an address, by mail, whether to tell them when a variant is back or costs less. Asks nothing of the visitor."""
    form = await read_form(request, AskForm)
    email, errors = accounts.normalised(form.typed.get("email", "")), form.errors
    if bad := errors.get("variant_id") or errors.get("kind"):
        raise Unusable(bad)
    if not errors and not accounts.is_email(email):
        errors = {"email": NO_EMAIL}
    may = False
    try:
        if not errors:
            may = await accounts.may_mail("alert", email=email, client=client_of(request))
    except accounts.TooManyTries as no:
        errors = {"email": no.say}
    if errors or form.value is None:
        return await _again(request, form.typed, errors)
    offer = await queries.thing(form.value.variant_id)
    if offer is None:
        raise NotFoundException
    if may:
        seen = offer.unit_price if form.value.kind == "price" else None
        await operations.ask(email, form.value.variant_id, seen=seen)
    return done(request, then=url("alert_sent"), template="alerts/_sent.html", view=SentView())


async def _again(request: Request, typed: dict[str, str], errors: dict[str, str]) -> Page | Response:
    """What was typed, and what was wrong with it beside its field: for htmx the form alone, else a page."""
    variant_id = UUID(typed["variant_id"].strip())
    offer = await queries.thing(variant_id)
    if offer is None:
        raise NotFoundException
    kept = {"email": typed.get("email", "")[:300]}
    view = AskView(
        title=queries.named(offer),
        back_url=offer.url,
        variant_id=variant_id,
        kind=typed.get("kind", "stock"),
        typed=kept,
        errors=errors,
    )
    if hx.asked(request):
        return fragment_response("alerts/_ask.html", view, status=422)
    return Page(template="alerts/ask.html", view=view, status=422)


@page("/alerts/sent", name="alert_sent")
async def sent() -> Page:
    """The same for every address, known or not."""
    return Page(template="alerts/sent.html", view=SentView(whole=True))


@page("/alerts/link/{token:str}", name="alert_link")
async def link(token: FromPath[str]) -> Page:
    """What the link in a mail is for. Looking changes nothing: mail programs look, too; its button does."""
    return await _link_page(token, stops=False)


@action("/alerts/link/{token:str}", name="confirm_alert")
async def confirm(token: FromPath[str]) -> Page | Response:
    """It was them."""
    try:
        await operations.confirm(token)
    except operations.LinkIsOver:
        return await _link_page(token, stops=False)
    return redirect(url("alert_link", token=token))


@page("/alerts/stop/{token:str}", name="alert_stop")
async def stop_page(token: FromPath[str]) -> Page:
    """Asks once more, since mail programs follow links."""
    return await _link_page(token, stops=True)


@action("/alerts/stop/{token:str}", name="stop_alert")
async def stop(token: FromPath[str]) -> Response:
    """No mail comes any more, and the address is forgotten; mail programs may send this themselves (RFC 8058)."""
    await operations.stop(token)
    return redirect(url("alert_stop", token=token))


async def _link_page(token: str, *, stops: bool) -> Page:
    alert = await queries.alert_of(token)
    offer = await queries.thing(alert.variant_id) if alert else None
    state = "over" if alert is None or offer is None else "waiting" if alert.confirmed else "asked"
    kind = "price" if alert and alert.price_seen is not None else "stock"
    view = LinkView(state=state, title=queries.named(offer) if offer else "", token=token, stops=stops, kind=kind)
    return Page(template="alerts/link.html", view=view, headers=SECRET)


ROUTES: list[Any] = [ask, sent, link, confirm, stop_page, stop]

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Meta

from app.accounts import operations as accounts
from app.members.door import admit, device_of, shown, without_passwords
from app.settings import settings
from app.values import Refusal
from app.web import passwords
from app.web.client import client_of
from app.web.forms import Form, read_form
from app.web.pages import Page, Visitor, action, page, redirect, remember
from app.web.templates import url
from app.web.visitor import forget, token_of

NO_EMAIL = "An e-mail address looks like name@example.org."
NO_NAME = "Please tell us what to call you, in at most 120 characters."


class SignInForm(msgspec.Struct):
    """An address and a password; for a link by mail, the address alone."""

    email: Annotated[str, Meta(min_length=1, max_length=254, extra={"error": NO_EMAIL})]
    password: Annotated[str, Meta(max_length=200, extra={"error": "This is not the password."})] = ""
    next: str = ""


class JoinForm(msgspec.Struct):
    """What an account begins with."""

    email: Annotated[str, Meta(min_length=1, max_length=254, extra={"error": NO_EMAIL})]
    name: Annotated[str, Meta(min_length=1, max_length=120, extra={"error": NO_NAME})]
    password: str = ""
    next: str = ""


class DoorView(msgspec.Struct, frozen=True, kw_only=True):
    """A form at the door; passwords are never shown again."""

    typed: dict[str, str]
    errors: dict[str, str]
    next: str = ""


@page("/account/sign-in", name="sign_in", query=("next",))
async def sign_in(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """The door. Who is in already goes on."""
    to = accounts.own_path(request.query_params.get("next", ""))
    if visitor.signed_in:
        return redirect(to or url("account"))
    return shown("sign_in", DoorView(typed={}, errors={}, next=to))


@action("/account/sign-in", name="sign_in_now")
async def sign_in_now(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Opens a session, or says no: in the same words, after the same work, for an unknown address and a wrong password."""
    form = await read_form(request, SignInForm)
    if form.value is None:
        return _again("sign_in", form)
    email, client = form.value.email, client_of(request)
    try:
        password = form.typed.get("password", "")
        member = await accounts.check_password(email, password, client, device_of(request, email))
    except (accounts.WrongSignIn, accounts.TooManyTries) as no:
        return _again("sign_in", form, no, field="password")
    return await admit(request, visitor, member, form.value.next)


@action("/account/sign-in/link", name="send_sign_in_link")
async def send_link(request: Request) -> Page | Response:
    """A mail with a link that signs in, once, if the address has an account; the answer is the same for any."""
    return await _mailed(request, "enter", "sign_in")


@page("/account/reset", name="reset")
async def reset() -> Page:
    """For who has forgotten their password."""
    return shown("reset", DoorView(typed={}, errors={}))


@action("/account/reset", name="send_reset")
async def send_reset(request: Request) -> Page | Response:
    """A mail with a link to choose another password, on the same terms."""
    return await _mailed(request, "reset", "reset")


@page("/account/sign-up", name="sign_up", query=("next",))
async def sign_up(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """An account is a name, an address and a password."""
    if visitor.signed_in:
        return redirect(url("account"))
    return shown(
        "sign_up",
        DoorView(typed={}, errors={}, next=accounts.own_path(request.query_params.get("next", ""))),
    )


@action("/account/sign-up", name="sign_up_now")
async def sign_up_now(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """A mail asks whether the address is theirs; before that, there is no account. The answer is the same for any address."""
    form = await read_form(request, JoinForm)
    email, password = form.typed.get("email", "").strip(), form.typed.get("password", "")
    if not accounts.is_email(email):
        form.errors.setdefault("email", NO_EMAIL)
    if weak := accounts.wrong_password(password, email, form.typed.get("name", "")):
        form.errors["password"] = weak
    if form.value is None or form.errors:
        return _again("sign_up", form)
    try:
        may = await accounts.may_mail("mail", email=email, client=client_of(request))
    except accounts.TooManyTries as no:
        return _again("sign_up", form, no)
    about = {
        "name": form.value.name,
        "password_hash": await passwords.hashed(password),
        "shopper_id": None if visitor.signed_in else visitor.shopper_id or await _become_shopper(request),
        "next_path": accounts.own_path(form.value.next),
    }
    if may:
        await accounts.ask_for_link("join", email, **about)
    return redirect(url("mail_sent"))


@page("/account/mail-sent", name="mail_sent")
async def mail_sent() -> Page:
    """Check your mail."""
    return shown("mail_sent", None)


@action("/account/sign-out", name="sign_out")
async def sign_out(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    """This browser is nobody's any more."""
    sent = token_of(request, settings())
    if visitor.shopper_id and sent:
        await accounts.sign_out(visitor.shopper_id, sent[0])
    forget(request)
    return redirect(url("sign_in"))


async def _mailed(request: Request, kind: str, template: str) -> Page | Response:
    form = await read_form(request, SignInForm)
    email = form.typed.get("email", "").strip()
    if form.value is None or not accounts.is_email(email):
        form.errors.setdefault("email", NO_EMAIL)
        return _again(template, form)
    try:
        device = device_of(request, email)
        may = await accounts.may_mail("mail", email=email, client=client_of(request), device=device)
    except accounts.TooManyTries as no:
        return _again(template, form, no)
    if may:
        await accounts.ask_for_link(kind, email, next_path=accounts.own_path(form.value.next))
    return redirect(url("mail_sent"))


async def _become_shopper(request: Request) -> object:
    session = await accounts.open_session()
    remember(request, token=session.token, pv=session.pv, units=0)
    return session.shopper_id


def _again(template: str, form: Form, no: Refusal | None = None, field: str = "email") -> Page:
    errors = form.errors if no is None else {field: no.say}
    to = accounts.own_path(form.typed.get("next", ""))
    view = DoorView(typed=without_passwords(form.typed), errors=errors, next=to)
    return shown(template, view, no.status if no else 422)


ROUTES = [sign_in, sign_in_now, send_link, reset, send_reset, sign_up, sign_up_now, mail_sent, sign_out]

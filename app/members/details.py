"""Name, address and password of an account, and the browsers that are signed in to it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from app.accounts import operations as accounts
from app.accounts import queries as known
from app.accounts.queries import Member
from app.members.door import admit, member_of, member_or_refuse, shown, to_sign_in
from app.members.signing_in import NO_EMAIL, NO_NAME
from app.settings import settings
from app.values import Refusal
from app.web.client import client_of
from app.web.forms import read_form
from app.web.pages import Page, Visitor, action, page, redirect
from app.web.templates import url
from app.web.visitor import forget, token_hash, token_of

NOT_IT = "This is not your password."


class NameForm(msgspec.Struct):
    """What to call them."""

    name: Annotated[str, Meta(min_length=1, max_length=120, extra={"error": NO_NAME})]


class MoveForm(msgspec.Struct):
    """A new address, and proof of who asks."""

    email: str = ""
    password: str = ""


class PasswordForm(msgspec.Struct):
    """The password, and the one to come."""

    password: str = ""
    new_password: str = ""


class DetailsView(msgspec.Struct, frozen=True, kw_only=True):
    """Who they are. `asked`: a mail is on its way to a new address."""

    member: Member
    typed: dict[str, str]
    errors: dict[str, str]
    asked: bool = False


class SecurityView(msgspec.Struct, frozen=True, kw_only=True):
    """The password, and the browsers that are signed in."""

    member: Member
    sessions: list[known.SessionRow]
    errors: dict[str, str]


@page("/account/details", name="account_details", query=("asked",))
async def details(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Name and e-mail address."""
    member = await member_of(visitor)
    if member is None:
        return to_sign_in(request)
    asked = bool(request.query_params.get("asked"))
    return shown("details", DetailsView(member=member, typed={"name": member.name}, errors={}, asked=asked))


@action("/account/details", name="rename")
async def rename(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Changes the name."""
    member = await member_or_refuse(visitor)
    form = await read_form(request, NameForm)
    if form.value is None:
        return shown("details", DetailsView(member=member, typed=form.typed, errors=form.errors), 422)
    await accounts.rename(member, form.value.name)
    return redirect(url("account_details"))


@action("/account/details/email", name="ask_to_move")
async def ask_to_move(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Asks for a mail to the new address; until that is confirmed the old one holds."""
    member = await member_or_refuse(visitor)
    form = await read_form(request, MoveForm)
    email = form.typed.get("email", "").strip()
    errors = {} if accounts.is_email(email) else {"email": NO_EMAIL}
    errors |= await wrong_password(request, member, form.typed.get("password", ""))
    may = False
    try:
        if not errors:
            may = await accounts.may_mail("mail", email=email, client=client_of(request))
    except accounts.TooManyTries as no:
        errors = {"email": no.say}
    if errors:
        view = DetailsView(member=member, typed={"name": member.name, "email": email[:300]}, errors=errors)
        return shown("details", view, 422)
    if may:
        await accounts.ask_to_move(member, email)
    return redirect(f"{url('account_details')}?asked=1")


@page("/account/security", name="account_security")
async def security(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """The password, and who is signed in."""
    member = await member_of(visitor)
    return shown("security", await _security(request, member, {})) if member else to_sign_in(request)


@action("/account/security/password", name="change_password")
async def change_password(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Only the new password opens the account. Every browser is signed out; this one gets a new session."""
    member = await member_or_refuse(visitor)
    form = await read_form(request, PasswordForm)
    fresh = form.typed.get("new_password", "")
    errors = await wrong_password(request, member, form.typed.get("password", ""))
    if weak := accounts.wrong_password(fresh, member.email, member.name):
        errors["new_password"] = weak
    if errors:
        return shown("security", await _security(request, member, errors), 422)
    await accounts.change_password(member, fresh)
    return await admit(request, visitor, member, url("account_security"))


@action("/account/security/sessions/{session_id:uuid}", name="sign_out_there")
async def sign_out_there(session_id: FromPath[UUID], visitor: NamedDependency[Visitor]) -> Response:
    """Signs another browser out."""
    member = await member_or_refuse(visitor)
    await accounts.sign_out_there(member.shopper_id, session_id)
    return redirect(url("account_security"))


@action("/account/security/sign-out", name="sign_out_everywhere")
async def sign_out_everywhere(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    """Signs every browser out, this one too."""
    member = await member_or_refuse(visitor)
    await accounts.sign_out_everywhere(member.shopper_id)
    forget(request)
    return redirect(url("sign_in"))


async def wrong_password(request: Request, member: Member, password: str) -> dict[str, str]:
    """What is wrong with the password of who is signed in, beside its field."""
    try:
        right = await accounts.is_password(member, password, client_of(request))
    except Refusal as no:
        return {"password": no.say}
    return {} if right else {"password": NOT_IT}


async def _security(request: Request, member: Member, errors: dict[str, str]) -> SecurityView:
    sent = token_of(request, settings())
    sessions = await known.sessions_of(member.shopper_id, token_hash(sent[0]) if sent else b"")
    return SecurityView(member=member, sessions=sessions, errors=errors)


ROUTES = [details, rename, ask_to_move, security, change_password, sign_out_there, sign_out_everywhere]

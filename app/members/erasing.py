"""The end of an account, at its owner's word: with the password, or with a link that was mailed just now."""

from __future__ import annotations

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency

from app.accounts import operations as accounts
from app.accounts import queries as known
from app.accounts.queries import Link, Member
from app.members import operations
from app.members.details import PasswordForm, wrong_password
from app.members.door import member_of, member_or_refuse, shown, to_sign_in
from app.orders import queries as orders
from app.web.client import client_of
from app.web.forms import read_form
from app.web.pages import Page, Visitor, action, page, redirect, remember
from app.web.templates import url
from app.web.visitor import forget


class EraseView(msgspec.Struct, frozen=True, kw_only=True):
    """What goes and what stays. `open`: numbers of orders that have to end first."""

    member: Member
    open: list[str]
    errors: dict[str, str]


@page("/account/erase", name="account_erase")
async def ask(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """Says what will happen, and asks for the password."""
    member = await member_of(visitor)
    return await _asked(member) if member else to_sign_in(request)


@action("/account/erase", name="erase_account")
async def erase(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """The account is gone, if the password is right and no order is open."""
    member = await member_or_refuse(visitor)
    form = await read_form(request, PasswordForm)
    if errors := await wrong_password(request, member, form.typed.get("password", "")):
        return await _asked(member, errors)
    return await _erased(request, visitor, member)


@action("/account/erase/link", name="erase_by_mail")
async def mail_link(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """A link instead of the password."""
    member = await member_or_refuse(visitor)
    try:
        may = await accounts.may_mail("mail", email=member.email, client=client_of(request))
    except accounts.TooManyTries as no:
        return await _asked(member, {"password": no.say})
    if may:
        await accounts.ask_to_erase(member)
    return redirect(url("mail_sent"))


@page("/account/erased", name="account_erased")
async def erased() -> Page:
    """Good-bye."""
    return shown("erased", None)


async def by_link(request: Request, visitor: Visitor, link: Link) -> Page | Response:
    """What the link in the mail does. Raises LinkOpensNothing."""
    member = await known.member_by_email(link.email)
    if member is None or member.shopper_id != link.shopper_id:
        raise accounts.LinkOpensNothing
    return await _erased(request, visitor, member, link)


async def _erased(request: Request, visitor: Visitor, member: Member, link: Link | None = None) -> Page | Response:
    try:
        await operations.erase(member, link)
    except operations.OpenOrders as no:
        return await _asked(member, {"password": no.say}, no.status)
    if visitor.shopper_id == member.shopper_id:
        forget(request)
        remember(request, known_as="")
    return redirect(url("account_erased"))


async def _asked(member: Member, errors: dict[str, str] | None = None, status: int = 422) -> Page:
    view = EraseView(member=member, open=await orders.open_orders(member.shopper_id), errors=errors or {})
    return shown("erase", view, status if errors else 200)


ROUTES = [ask, erase, mail_link, erased]

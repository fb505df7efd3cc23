"""What every page of an account needs: who asks, from where, the way to the door and through it."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, Response

from app.accounts import operations as accounts
from app.accounts import queries as known
from app.accounts.queries import Member
from app.members import operations
from app.settings import settings
from app.values import Refusal
from app.web.pages import Page, Visitor, redirect, remember
from app.web.templates import url
from app.web.visitor import known_of, token_of

PRIVATE = {"X-Robots-Tag": "noindex"}


class SignInFirst(Refusal):
    say = "Please sign in first. Nothing was changed."
    status = 403


async def member_of(visitor: Visitor) -> Member | None:
    """The account of who is signed in. A guest has none, even on a shopper's own browser."""
    return await known.member_of(visitor.shopper_id) if visitor.signed_in and visitor.shopper_id else None


async def member_or_refuse(visitor: Visitor) -> Member:
    """The same, for forms. Raises SignInFirst."""
    member = await member_of(visitor)
    if member is None:
        raise SignInFirst
    return member


def to_sign_in(request: Request) -> Response:
    """The way to the sign-in page, which leads back here."""
    return redirect(f"{url('sign_in')}?next={quote(request.url.path, safe='/')}")


def device_of(request: Request, email: str) -> str:
    """The number of a browser that has signed in to the account of this address before, else an empty string."""
    return accounts.device_of(known_of(request, settings()), email, settings().secret, int(time.time()))


async def admit(request: Request, visitor: Visitor, member: Member, to: str = "") -> Response:
    """The visitor is signed in and on their way; a cart that has grown says so, unless they were about to pay."""
    sent = token_of(request, settings())
    agent = request.headers.get("user-agent", "")
    entered = await operations.welcome(member, visitor, token=sent[0] if sent else "", agent=agent)
    mark = accounts.mark_of(member.email, settings().secret, int(time.time()))
    remember(request, token=entered.token, pv=entered.pv, units=entered.units, signed_in=True, known_as=mark)
    to = accounts.own_path(to)
    told = {name: many for name, many in (("joined", entered.joined), ("left", entered.left)) if many}
    if told and not to.startswith(url("checkout")):
        return redirect(f"{url('cart')}?{urlencode(told)}")
    return redirect(to or url("account"))


def shown(template: str, view: Any, status: int = 200, **headers: str) -> Page:
    """A page of the account: private, and not for search engines."""
    return Page(template=f"members/{template}.html", view=view, status=status, headers=PRIVATE | headers)


def without_passwords(typed: dict[str, str]) -> dict[str, str]:
    """What was typed, as a form may show it again."""
    return {name: text[:300] for name, text in typed.items() if "password" not in name}

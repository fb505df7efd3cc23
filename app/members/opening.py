"""What a link in an account's mail leads to. Opening it changes nothing: mail programs look at links, too; its button does."""

from __future__ import annotations

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.accounts import operations as accounts
from app.accounts import queries as known
from app.accounts.queries import Link
from app.members import erasing
from app.members.door import admit, shown
from app.values import Refusal
from app.web.forms import read_form
from app.web.pages import Page, Visitor, action, page

# The address of this page is a key: a request that starts here may name its origin alone (without that, browsers that
# send no Sec-Fetch-Site would post the form from "null").
SECRET = {"Referrer-Policy": "strict-origin"}


class LinkForm(msgspec.Struct):
    """A password: chosen now, or known from before."""

    password: str = ""


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: join | enter | reset | move | erase, or empty for a link that opens nothing. `asks`: whether it needs a password."""

    kind: str
    token: str
    email: str
    asks: bool
    errors: dict[str, str]
    say: str = ""


@page("/account/link/{token:str}", name="account_link")
async def ask(token: FromPath[str], visitor: NamedDependency[Visitor]) -> Page:
    """One button, or one password and a button."""
    return _gate(await known.link_of(token), token, visitor)


@action("/account/link/{token:str}", name="account_link_now")
async def opened(request: Request, token: FromPath[str], visitor: NamedDependency[Visitor]) -> Page | Response:
    """Does what the link was made for, once, and signs in."""
    link = await known.link_of(token)
    form = await read_form(request, LinkForm)
    password = form.typed.get("password", "")
    if link and link.kind == "reset" and (weak := accounts.wrong_password(password, link.email)):
        return _gate(link, token, visitor, errors={"password": weak})
    try:
        if link and link.kind == "erase":
            return await erasing.by_link(request, visitor, link)
        member = await _member(link, token, visitor, password)
    except accounts.NotYourPassword as no:
        return _gate(await known.link_of(token), token, visitor, errors={"password": no.say})
    except (accounts.LinkOpensNothing, accounts.HasAccount) as no:
        return _gate(None, token, visitor, no=no)
    return await admit(request, visitor, member, link.next_path if link else "")


async def _member(link: Link | None, token: str, visitor: Visitor, password: str) -> known.Member:
    kind = link.kind if link else ""
    if kind == "join":
        return await accounts.join(token, by=visitor.shopper_id, password=password)
    if kind == "reset":
        return await accounts.reset_password(token, password)
    if kind == "move":
        return await accounts.move(token, by=visitor.shopper_id if visitor.signed_in else None, password=password)
    return await accounts.enter_by_link(token)


def _gate(
    link: Link | None,
    token: str,
    visitor: Visitor,
    *,
    errors: dict[str, str] | None = None,
    no: Refusal | None = None,
) -> Page:
    theirs = link is not None and link.shopper_id == visitor.shopper_id
    asks = link is not None and (
        link.kind == "reset"
        or (link.kind == "join" and not theirs)
        or (link.kind == "move" and not (theirs and visitor.signed_in))
    )
    view = LinkView(
        kind=link.kind if link else "",
        token=token,
        email=link.email if link else "",
        asks=asks,
        errors=errors or {},
        say=no.say if no else accounts.LinkOpensNothing.say,
    )
    status = 422 if errors else no.status if no else 200 if link else 404
    return shown("link", view, status, **SECRET)


ROUTES = [ask, opened]

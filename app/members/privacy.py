"""What the shop knows of a shopper, for them to take along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency

from app.accounts import queries as known
from app.accounts.queries import Member
from app.alerts import queries as alerts
from app.cart import queries as cart
from app.checkout import queries as checkout
from app.lists import queries as lists
from app.members.door import PRIVATE, member_of, shown, to_sign_in
from app.orders import queries as orders
from app.orders.queries import TakenLine, TakenOrder
from app.reviews import queries as reviews
from app.reviews.queries import OwnVote, own_votes
from app.settings import settings
from app.values import now
from app.web.pages import Page, Visitor, page
from app.web.templates import url


class TakenList(msgspec.Struct, frozen=True, kw_only=True):
    """A list with a name, and the link that shows it to anybody, if there is one."""

    name: str
    link: str


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """Everything: the account, its book, orders and what became of them, cart, checkout, lists, reviews, votes, alerts and browsers."""

    exported_at: datetime
    account: Member
    addresses: list[known.SavedAddress]
    orders: list[TakenOrder]
    cart: list[TakenLine]
    checkout: list[checkout.Typed]
    reviews: list[reviews.OwnReview]
    votes: list[OwnVote]
    lists: list[TakenList]
    saved: list[TakenLine]
    kept_for_later: list[TakenLine]
    alerts: list[alerts.AlertRow]
    browsers: list[known.SessionRow]


@page("/account/privacy", name="account_privacy")
async def privacy(request: Request, visitor: NamedDependency[Visitor]) -> Page | Response:
    """The same to read."""
    member = await member_of(visitor)
    return shown("privacy", await _export(member)) if member else to_sign_in(request)


@page("/account/export.json", name="account_export")
async def export(request: Request, visitor: NamedDependency[Visitor]) -> Response:
    """The same as a file, for other programs."""
    member = await member_of(visitor)
    if member is None:
        return to_sign_in(request)
    body = msgspec.json.format(msgspec.json.encode(await _export(member)), indent=2)
    headers = PRIVATE | {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="my-data.json"',
    }
    return Response(body, media_type="application/json", headers=headers)


async def _export(member: Member) -> Export:
    shopper_id = member.shopper_id
    named = await lists.list_view(shopper_id, None)
    held, saved = await cart.cart_view(shopper_id), await lists.saved_view(shopper_id)
    return Export(
        exported_at=now(),
        account=msgspec.structs.replace(member, note=""),
        addresses=await known.addresses_of(shopper_id),
        orders=await orders.taken_along(shopper_id),
        cart=[_line(line) for line in held.lines],
        checkout=await checkout.typed_by(shopper_id),
        alerts=await alerts.alerts_of(member.email),
        reviews=await reviews.own_reviews(shopper_id),
        votes=await own_votes(shopper_id),
        lists=[TakenList(name=each.name, link=_link(each.share)) for each in named.lists],
        saved=[TakenLine(title=each.title, quantity=1, paid=0) for each in saved.items],
        kept_for_later=[_line(each) for each in held.later],
        browsers=await known.sessions_of(shopper_id),
    )


def _link(share: str | None) -> str:
    return settings().public_origin + url("shared_list", token=share) if share else ""


def _line(line: Any) -> TakenLine:
    return TakenLine(title=line.title, quantity=line.quantity, paid=0, text=line.personal_text)


ROUTES = [privacy, export]

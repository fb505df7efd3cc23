from __future__ import annotations

import msgspec
from litestar import Request
from litestar.di import NamedDependency

from app.accounts.queries import Member
from app.members import addresses, details, erasing, lists, opening, privacy, reordering, reviewing, signing_in
from app.members.door import member_of, shown
from app.orders import queries as orders
from app.web.pages import Page, Visitor, page
from app.web.templates import url

LATEST = 5


class OverviewView(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a glance; of a visitor without one (`member` is None) what this browser ordered."""

    member: Member | None
    orders: list[orders.OrderRow]
    more: bool


class OrdersView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of somebody's orders."""

    signed_in: bool
    orders: list[orders.OrderRow]
    newest_url: str | None
    older_url: str | None


@page("/account", name="account")
async def account(visitor: NamedDependency[Visitor]) -> Page:
    """What is theirs; for a guest what this browser ordered, and the door."""
    found, more = await orders.orders_page(visitor.shopper_id, most=LATEST) if visitor.shopper_id else ([], False)
    return shown("overview", OverviewView(member=await member_of(visitor), orders=found, more=more))


@page("/account/orders", name="account_orders", query=("after",))
async def all_orders(request: Request, visitor: NamedDependency[Visitor]) -> Page:
    """Every order they may read, newest first; a page is named by the last order before it."""
    after = orders.read_cursor(request.query_params.get("after", ""))
    found, more = await orders.orders_page(visitor.shopper_id, after) if visitor.shopper_id else ([], False)
    here = url("account_orders")
    view = OrdersView(
        signed_in=visitor.signed_in,
        orders=found,
        newest_url=here if after else None,
        older_url=f"{here}?after={found[-1].cursor}" if more and found else None,
    )
    return shown("orders", view)


ROUTES = [
    *signing_in.ROUTES,
    *opening.ROUTES,
    *details.ROUTES,
    *addresses.ROUTES,
    *reordering.ROUTES,
    *privacy.ROUTES,
    *erasing.ROUTES,
    *reviewing.ROUTES,
    *lists.ROUTES,
    account,
    all_orders,
]

"""What a shopper has saved; for guests, too."""

from __future__ import annotations

import msgspec
from litestar.di import NamedDependency

from app.lists import queries as lists
from app.members.door import shown
from app.web.pages import Page, Visitor, page


class ListsView(msgspec.Struct, frozen=True, kw_only=True):
    """The list of who is signed in, or of a guest's browser."""

    signed_in: bool
    items: list[lists.ItemView]


@page("/account/lists", name="account_lists")
async def account_lists(visitor: NamedDependency[Visitor]) -> Page:
    """The list at today's prices."""
    items = (await lists.saved_view(visitor.shopper_id)).items if visitor.shopper_id else []
    return shown("lists", ListsView(signed_in=visitor.signed_in, items=items))


ROUTES = [account_lists]

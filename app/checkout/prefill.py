"""What the form for details begins with when somebody is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.accounts import queries as accounts
from app.accounts.queries import SavedAddress
from app.web.visitor import Visitor

if TYPE_CHECKING:
    from app.checkout.queries import Desk


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What an account knows of where things go; nothing of a guest."""

    email: str = ""
    name: str = ""
    addresses: list[SavedAddress] = []


async def saved_of(visitor: Visitor) -> Saved:
    """Address and book of who is signed in."""
    if not visitor.signed_in or visitor.shopper_id is None:
        return Saved()
    member = await accounts.member_of(visitor.shopper_id)
    if member is None:
        return Saved()
    return Saved(email=member.email, name=member.name, addresses=await accounts.addresses_of(visitor.shopper_id))


def prefilled(desk: Desk, saved: Saved, chosen: str) -> dict[str, str]:
    """The fields: an address chosen from the book, else what was typed for this cart, else the book's first, else as before."""
    found = next((each for each in saved.addresses if str(each.address_id) == chosen), None)
    if found is None and not desk.has_details and saved.addresses:
        found = saved.addresses[0]
    known = {"email": saved.email, "name": saved.name} if saved.email and not desk.has_details else {}
    return desk.typed | known | (found.typed if found else {})

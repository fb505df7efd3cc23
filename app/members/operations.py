from __future__ import annotations

from uuid import UUID

import msgspec

from app.accounts import operations as accounts
from app.accounts.queries import Member
from app.cart import operations as cart
from app.orders import operations as orders
from app.web.visitor import Visitor


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has come in. `joined`: lines that their cart gained from what they had put in as a guest."""

    token: str
    pv: str
    units: int
    joined: int


async def welcome(member: Member, visitor: Visitor, *, token: str, agent: str) -> Entered:
    """The visitor is signed in, in a new session; `token` opens nothing any more. What they did as a guest comes along.

    Each step is a transaction of one shard. The first one notes what has to follow, so a crash between them loses nothing.
    """
    guest_id = visitor.shopper_id if visitor.shopper_id and not visitor.signed_in else None
    session = await accounts.enter(member, guest_id=guest_id, agent=agent)
    if visitor.signed_in and visitor.shopper_id:
        await accounts.sign_out(visitor.shopper_id, token)
    came = await settle_guest(guest_id, member.shopper_id)
    return Entered(token=session.token, pv=came.pv or session.pv, units=came.units, joined=came.lines)


async def settle_guest(guest_id: UUID | None, shopper_id: UUID) -> cart.Joined:
    """Cart and orders of the guest are with the shopper. Twice is once; nobody, or a guest with an account, brings nothing."""
    guest = guest_id is not None and guest_id != shopper_id and await accounts.end_guest(guest_id)
    handed = await cart.hand_over(guest_id) if guest and guest_id else []
    came = await cart.take_over(shopper_id, handed)
    if guest and guest_id:
        await orders.share_guests(guest_id, shopper_id)
    return came

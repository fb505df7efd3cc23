from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from app.accounts import operations as accounts
from app.accounts.queries import Link, Member
from app.alerts import operations as alerts
from app.cart import operations as cart
from app.catalog import queries as catalog
from app.checkout import operations as checkout
from app.lists import operations as lists
from app.orders import operations as orders
from app.orders import queries as known_orders
from app.reviews import operations as reviews
from app.values import Refusal
from app.web.visitor import Visitor


class OpenOrders(Refusal):
    say = "Something is still to be sent, paid or sent back. Your account can be deleted after that."


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has come in. `joined`: lines that their cart gained from what they had put in as a guest; `left`: had no place for."""

    token: str
    pv: str
    units: int
    joined: int
    left: int


async def welcome(member: Member, visitor: Visitor, *, token: str, agent: str) -> Entered:
    """The visitor is signed in, in a new session; `token` opens nothing any more. What they did as a guest comes along.

    Each step is a transaction of one shard. The first one notes what has to follow, so a crash between them loses nothing.
    """
    guest_id = visitor.shopper_id if visitor.shopper_id and not visitor.signed_in else None
    session = await accounts.enter(member, guest_id=guest_id, agent=agent)
    if visitor.signed_in and visitor.shopper_id:
        await accounts.sign_out(visitor.shopper_id, token)
    came = await settle_guest(guest_id, member.shopper_id)
    return Entered(token=session.token, pv=came.pv or session.pv, units=came.units, joined=came.lines, left=came.left)


async def settle_guest(guest_id: UUID | None, shopper_id: UUID) -> cart.Joined:
    """Cart, lists and orders of the guest are with the shopper. Twice is once; nobody, or a guest with an account, brings nothing."""
    guest = guest_id is not None and guest_id != shopper_id and await accounts.end_guest(guest_id)
    handed = await cart.hand_over(guest_id, shopper_id) if guest and guest_id else []
    came = await cart.take_over(shopper_id, handed)
    if guest and guest_id:
        await lists.take_over(shopper_id, guest_id, await lists.hand_over(guest_id))
        await orders.share_guests(guest_id, shopper_id)
        await reviews.hand_over(guest_id, shopper_id)
    return came


async def erase(member: Member, link: Link | None = None) -> None:
    """The account is gone, with all that is theirs but what the law keeps: orders and invoices. Raises OpenOrders, LinkOpensNothing."""
    if await known_orders.open_orders(member.shopper_id):
        raise OpenOrders
    await alerts.forget(member.email)  # first: afterwards nobody knows the address any more
    gone = await accounts.erase(member, link)
    if gone:
        await settle_erasure(gone.shopper_id, gone.moving)


async def settle_erasure(shopper_id: UUID, moving: Iterable[UUID]) -> None:
    """What belonged to an account that is gone is gone, too. Twice is once; stopped anywhere, it goes on when repeated."""
    await accounts.erase_shopper(shopper_id, moving)
    await cart.erase_cart(shopper_id)
    await lists.erase_lists(shopper_id)
    await checkout.erase_details(shopper_id)
    await orders.forget_reader(shopper_id)
    await reviews.erase_reviews(shopper_id)


class AgainLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order, wanted once more. `why`: why it can't be had, in words; empty when it can."""

    variant_id: UUID
    title: str
    quantity: int
    price: int
    why: str
    personal_text: str = ""


async def lines_again(shopper_id: UUID, number: str) -> list[AgainLine]:
    """The lines of an order that the shopper may read, as they could be bought now; none for any other."""
    order_id = await known_orders.order_id_of(shopper_id, number)
    lines = await known_orders.bought(order_id) if order_id else []
    offers = await catalog.sellables([line.variant_id for line in lines]) if lines else {}
    return [
        AgainLine(
            variant_id=line.variant_id,
            title=line.title,
            quantity=min(line.quantity, cart.MOST),
            price=offer.price_for(1) if offer and offer.available else 0,
            why=cart.why_not(offer) or "",
            personal_text=line.personal_text,
        )
        for line in lines
        for offer in [_offer_again(line, offers)]
    ]


def _offer_again(line: known_orders.Bought, offers: Mapping[UUID, catalog.Sellable]) -> catalog.Sellable | None:
    offer = offers.get(line.variant_id)
    return offer and offer.saying(line.personal_text)


async def put_in_again(shopper_id: UUID, number: str) -> tuple[list[AgainLine], cart.Joined]:
    """What of the order is still sold is in the cart, of what was there already the larger number.

    Returns the lines, and what came of it.
    """
    lines = await lines_again(shopper_id, number)
    wanted = [(line.variant_id, line.quantity, line.price, line.personal_text) for line in lines if not line.why]
    return lines, await cart.put_in_many(shopper_id, wanted)

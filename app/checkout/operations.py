from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from app.accounts import operations as accounts
from app.checkout.forms import AddressForm, judged
from app.checkout.methods import MARK as METHOD_MARK
from app.checkout.methods import LastMethod, Method, MethodChanged, change_method
from app.checkout.methods import faults_of as method_faults
from app.checkout.queries import Desk
from app.checkout.rules import COUNTRIES, Country, Ticket
from app.db.engines import reading, writing
from app.orders import operations as orders
from app.orders import queries as known_orders
from app.promotions import operations as promotions
from app.values import bucket_of, new_id

MOST_NOTE = 1000  # characters kept of a note; an order takes fewer, and says so

# For the address book and the admin.
__all__ = [
    "COUNTRIES", "METHOD_MARK", "AddressForm", "Country", "LastMethod", "Method", "MethodChanged", "change_method", "judged",
    "method_faults",
]  # fmt: skip


async def save_details(desk: Desk, *, email: str, name: str, address: dict[str, str]) -> None:
    """Who and where: kept with the cart, so that reload, back and a second tab find it."""
    async with writing(desk.shopper_id) as db:
        await db.execute(
            "INSERT INTO checkout (id, shopper_id, cart_id, email, name, address) VALUES ($1, $2, $3, $4, $5, $6)"
            " ON CONFLICT (cart_id) DO UPDATE SET email = EXCLUDED.email, name = EXCLUDED.name,"
            " address = EXCLUDED.address, updated_at = now()",
            new_id(bucket_of(desk.shopper_id)), desk.shopper_id, desk.cart_id, email, name, address,
        )  # fmt: skip


async def erase_details(shopper_id: UUID) -> None:
    """Nothing is known of what they typed on the way to paying. Twice is once."""
    async with writing(shopper_id, step="erase_checkout") as db:
        sql = "UPDATE checkout SET email = '', name = '', address = '{}', note = '' WHERE shopper_id = $1"
        await db.execute(sql, shopper_id)


async def keep_in_book(shopper_id: UUID, address: dict[str, str]) -> None:
    """The address is in the book of who is signed in; a full book is no reason not to buy."""
    with suppress(accounts.FullBook):
        await accounts.keep_address(shopper_id, address)


async def choose_shipping(desk: Desk, code: str) -> None:
    """How it is delivered."""
    async with writing(desk.shopper_id) as db:
        await db.execute(
            "UPDATE checkout SET shipping_code = $2, updated_at = now() WHERE cart_id = $1", desk.cart_id, code
        )


async def keep_note(desk: Desk, note: str) -> None:
    """What was typed for the shop stays with the cart, whether or not it can be sent like this."""
    if note[:MOST_NOTE] == desk.note:
        return
    async with writing(desk.shopper_id) as db:
        await db.execute("UPDATE checkout SET note = $2 WHERE cart_id = $1", desk.cart_id, note[:MOST_NOTE])


async def placed_before(shopper_id: UUID, ticket: Ticket, note: str) -> str | None:
    """The page of the order that this shopper's ticket, with this note, has become already."""
    promise = known_orders.promise_hash(ticket.quote_hash, ticket.recipient, note)
    async with reading(shopper_id) as db:
        before = await known_orders.orders_before(
            db, shopper_id, order_id=ticket.checkout_id, cart_id=ticket.cart_id, promise=promise
        )
        order_id = known_orders.the_same(before, order_id=ticket.checkout_id, version=ticket.cart_version)
        state = await known_orders.read_state(db, order_id) if order_id else None
    return state.url if state else None


async def place(desk: Desk, ticket: Ticket, note: str, client: str) -> orders.Promised:
    """The order as the ticket promised it, from the cart on the desk. Raises orders.operations.CartChanged."""
    quote = desk.quote
    await promotions.open_limits(quote.uses)
    return await orders.place(
        orders.Placing(
            order_id=ticket.checkout_id,
            shopper_id=desk.shopper_id,
            cart_id=desk.cart_id,
            cart_version=desk.cart_version,
            email=desk.typed["email"],
            name=desk.typed["name"],
            address=desk.address,
            note=note,
            quote=quote,
            client=client,
            replaces=desk.replaces,
        )
    )

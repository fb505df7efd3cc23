"""What goes out of the cart and may come back: removed by mistake, or kept for later. All of it on the shopper's shard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from app.cart import queries, rules
from app.cart.joining import TOUCH
from app.cart.operations import BUMP, Changed, NoSuchLine, changed, offer_of
from app.catalog import queries as catalog
from app.db.engines import Database, writing
from app.lists import operations as lists
from app.lists import queries as kept
from app.values import bucket_of, new_id

OUT = """
    DELETE FROM cart_line l USING cart c WHERE l.id = $2 AND l.shopper_id = $1 AND c.id = l.cart_id
        AND c.status = 'active' RETURNING l.variant_id, l.quantity, l.seen_price, l.personal_text
"""
BACK = """
    INSERT INTO cart_line AS l (id, cart_id, shopper_id, variant_id, quantity, seen_price, personal_text) VALUES ($1, $2, $3, $4, $5, $6, $8)
    ON CONFLICT (cart_id, variant_id, personal_text) DO UPDATE SET quantity = LEAST(l.quantity + EXCLUDED.quantity, $7)
"""
SEEN = """
    UPDATE cart_line l SET seen_price = n.price FROM unnest($2::uuid[], $3::bigint[]) AS n(line_id, price), cart c
    WHERE l.shopper_id = $1 AND l.id = n.line_id AND c.id = l.cart_id AND c.status = 'active'
"""


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """What came into the cart, and what the browser should know."""

    offer: catalog.Sellable
    quantity: int
    changed: Changed


async def remove(shopper_id: UUID, line_id: UUID) -> Changed:
    """The line is out of the cart, and for a day it can be had back under its id. Raises NoSuchLine."""
    async with writing(shopper_id) as db:
        line = await _out(db, shopper_id, line_id)
        await lists.keep_removed(db, shopper_id, line_id, **line)
        return await changed(db, shopper_id)


async def save_for_later(shopper_id: UUID, line_id: UUID) -> Changed:
    """The line is under the cart instead of in it. Raises NoSuchLine, FullList."""
    async with writing(shopper_id) as db:
        line = await _out(db, shopper_id, line_id)
        await lists.keep_for_later(db, shopper_id, **line)
        return await changed(db, shopper_id)


async def bring(shopper_id: UUID, item_id: UUID) -> Back:
    """What was removed, kept for later or saved is in the cart, with its units and the price that was seen.

    Raises NoSuchItem, NotSold, SoldOut, WrongText, TooManyLines.
    """
    item = await kept.item_of(shopper_id, item_id)
    if item is None:
        raise lists.NoSuchItem
    offer = await offer_of(item.variant_id, item.personal_text)
    bucket = bucket_of(shopper_id)
    async with writing(shopper_id) as db:
        item = await lists.take(db, shopper_id, item_id)
        seen = offer.price_for(1) if item.kind == kept.SAVED else item.seen_price
        cart_id = await db.fetchval(TOUCH, new_id(bucket), shopper_id)
        await db.execute(
            BACK, item_id, cart_id, shopper_id, item.variant_id, item.quantity, seen, rules.MOST, item.personal_text
        )
        return Back(offer=offer, quantity=item.quantity, changed=await changed(db, shopper_id))


async def accept_prices(shopper_id: UUID) -> None:
    """The shopper has seen today's prices: the cart says no more that they are others."""
    cart = await queries.cart_of(shopper_id)
    items = cart.items if cart else ()
    offers = await catalog.sellables([item.variant_id for item in items]) if items else {}
    found = [(item.line_id, offer) for item in items if (offer := queries.offer_for(item, offers)) and offer.available]
    async with writing(shopper_id) as db:
        await db.execute(SEEN, shopper_id, [id for id, _ in found], [offer.price_for(1) for _, offer in found])


async def _out(db: Database, shopper_id: UUID, line_id: UUID) -> Any:
    await db.execute(BUMP, shopper_id)
    line = await db.fetchrow(OUT, shopper_id, line_id)
    if line is None:
        raise NoSuchLine
    return line

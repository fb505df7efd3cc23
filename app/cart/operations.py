from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.cart import rules
from app.cart.clearing import BUMP, Changed, TooManyLines, changed, clear_heir, clear_ordered, complete
from app.cart.joining import TOUCH, Joined, hand_over, put_in_many, take_over
from app.cart.one_each import OneEach, judge_one
from app.cart.rules import MOST, why_not
from app.catalog import queries as catalog
from app.db.engines import Database, reading, writing
from app.values import Refusal, bucket_of, new_id

PUT_IN = """
    INSERT INTO cart_line AS l (id, cart_id, shopper_id, variant_id, quantity, seen_price, personal_text) VALUES ($1, $2, $3, $4, $5, $6, $8)
    ON CONFLICT (cart_id, variant_id, personal_text) DO UPDATE
    SET quantity = LEAST(l.quantity + EXCLUDED.quantity, $7), seen_price = EXCLUDED.seen_price
"""
UNITS = "SELECT coalesce(sum(quantity), 0)::int FROM cart_line WHERE cart_id = $1 AND variant_id = ANY($2)"
LOCK = "SELECT id, version FROM cart WHERE shopper_id = $1 AND status = 'active' FOR UPDATE"
LESS = """
    WITH n AS (SELECT * FROM unnest($2::uuid[], $3::int[]) AS n(line_id, units)),
        fewer AS (UPDATE cart_line l SET quantity = n.units FROM n WHERE l.id = n.line_id AND l.shopper_id = $1
            AND n.units BETWEEN 1 AND l.quantity)
    DELETE FROM cart_line l USING n WHERE l.id = n.line_id AND l.shopper_id = $1 AND n.units = 0
"""


__all__ = [
    "BUMP", "MOST", "Changed", "Joined", "OneEach", "TooManyLines", "changed", "clear_heir", "clear_ordered", "complete", "hand_over", "judge_one",
    "put_in_many", "take_over", "why_not",
]  # fmt: skip


class NotSold(Refusal):
    say = "This is not sold here any more. Nothing was put in your cart."
    status = 404


class SoldOut(Refusal):
    say = "This is sold out. Nothing was put in your cart."


class OtherCurrency(Refusal):
    say = "Its price is not in this shop's currency, so it can't be bought here. Nothing was put in your cart."
    status = 422


class WrongText(Refusal):
    """What was typed can't be written on it, or something must be. `about`: the `offer`."""

    status = 422


class NoSuchLine(Refusal):
    """A line of somebody else answers the same as none."""

    say = "That is not in your cart any more."
    status = 404


async def erase_cart(shopper_id: UUID) -> None:
    """Nothing says what they had put in. Twice is once."""
    async with writing(shopper_id, step="erase_cart") as db:
        await db.execute("DELETE FROM cart_line WHERE shopper_id = $1", shopper_id)
        await db.execute("UPDATE cart SET code = '' WHERE shopper_id = $1", shopper_id)


async def offer_of(variant_id: UUID, text: str = "") -> catalog.Sellable:
    """A variant that can be put in a cart now, with this text on it. Raises NotSold, SoldOut, OtherCurrency, WrongText."""
    found = (await catalog.sellables([variant_id])).get(variant_id)
    offer = found and found.saying(catalog.tidy_text(text))
    blocked = rules.why_not(offer)
    if blocked == rules.SOLD_OUT:
        raise SoldOut
    if offer is None or not offer.available:
        raise NotSold
    if offer.foreign:
        raise OtherCurrency
    if blocked:
        raise WrongText(blocked, offer=offer)
    return offer


async def add(shopper_id: UUID, offer: catalog.Sellable, quantity: int) -> Changed:
    """`quantity` (1..99) more units are in the cart, never above 99 on one line. Raises TooManyLines, OneEach."""
    bucket = bucket_of(shopper_id)
    beside = await catalog.variants_beside(offer.variant_id) if offer.one_each else []
    async with writing(shopper_id) as db:
        cart_id = await db.fetchval(TOUCH, new_id(bucket), shopper_id)
        judge_one(offer, quantity + (await db.fetchval(UNITS, cart_id, beside) if offer.one_each else 0))
        await db.execute(
            PUT_IN, new_id(bucket), cart_id, shopper_id, offer.variant_id, quantity, offer.price_for(1), rules.MOST,
            offer.personal_text,
        )  # fmt: skip
        return await changed(db, shopper_id)


async def change(shopper_id: UUID, line_id: UUID, quantity: int) -> Changed:
    """The line holds `quantity` (1..99) units, at a price the shopper has now seen. Raises NoSuchLine, OneEach."""
    offer = await _offer_now(shopper_id, line_id)
    if offer:
        judge_one(offer, quantity)
    async with writing(shopper_id) as db:
        await db.execute(BUMP, shopper_id)
        touched = await db.execute(
            "UPDATE cart_line l SET quantity = $3, seen_price = coalesce($4, l.seen_price) FROM cart c"
            " WHERE l.id = $2 AND l.shopper_id = $1 AND c.id = l.cart_id AND c.status = 'active'",
            shopper_id, line_id, quantity, offer and offer.price_for(1),
        )  # fmt: skip
        if not touched:
            raise NoSuchLine
        return await changed(db, shopper_id)


async def take_left(shopper_id: UUID, left: Mapping[UUID, int]) -> Changed:
    """These lines of the active cart hold no more than this each; with 0 they are out of it."""
    async with writing(shopper_id) as db:
        await db.execute(BUMP, shopper_id)
        await db.execute(LESS, shopper_id, list(left), list(left.values()))
        return await changed(db, shopper_id)


async def freeze(db: Database, shopper_id: UUID) -> tuple[UUID, int] | None:
    """Id and version of the active cart, locked until this transaction ends: nothing is added while an order is placed from it."""
    row = await db.fetchrow(LOCK, shopper_id)
    return (row["id"], row["version"]) if row else None


async def remember_order(db: Database, cart_id: UUID, order_id: UUID) -> None:
    """The cart has become this order, in the caller's transaction: what that holds of promotions counts as the cart's own."""
    await db.execute("UPDATE cart SET order_id = $2 WHERE id = $1", cart_id, order_id)


async def _offer_now(shopper_id: UUID, line_id: UUID) -> catalog.Sellable | None:
    """What the line is of, as it is sold now; None if it is not. Raises NoSuchLine."""
    async with reading(shopper_id) as db:
        line = await db.fetchrow(
            "SELECT variant_id, personal_text FROM cart_line WHERE id = $2 AND shopper_id = $1", shopper_id, line_id
        )
    if line is None:
        raise NoSuchLine
    offer = (await catalog.sellables([line["variant_id"]])).get(line["variant_id"])
    return offer.saying(line["personal_text"]) if offer and offer.available else None

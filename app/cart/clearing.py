"""What a cart is after a change, and what was bought is out of it: also of the cart that a guest's went into meanwhile."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.accounts.operations import renew_pv
from app.cart import rules
from app.cart.joining import ONCE
from app.db.engines import Database, writing
from app.values import Refusal

BUMP = "UPDATE cart SET version = version + 1, updated_at = now() WHERE shopper_id = $1 AND status = 'active'"
COUNT = """
    SELECT count(*) AS lines, coalesce(sum(l.quantity), 0)::int AS units
    FROM cart c JOIN cart_line l ON l.cart_id = c.id WHERE c.shopper_id = $1 AND c.status = 'active'
"""
INTO = "SELECT id FROM cart WHERE shopper_id = $1 AND status = 'active' AND created_at <= $2"

Lines = list[tuple[UUID, int, str]]  # variant_id, quantity, text


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser should know after a change: units in the cart and its new private version."""

    units: int
    pv: str


class TooManyLines(Refusal):
    say = f"A cart holds at most {rules.MOST_LINES} different things. Please take something out first."


class NotThereYet(RuntimeError):
    """A guest's cart is on its way into another: ask again later."""


async def complete(db: Database, cart_id: UUID, version: int) -> bool:
    """The cart is closed, if it is still active in exactly this version. The next add opens a new one."""
    closed = await db.execute(
        "UPDATE cart SET status = 'completed', updated_at = now() WHERE id = $1 AND version = $2 AND status = 'active'",
        cart_id, version,
    )  # fmt: skip
    return closed == 1


async def clear_ordered(db: Database, shopper_id: UUID, *, cart_id: UUID, version: int, lines: Lines) -> UUID | None:
    """What was ordered (variant_id, quantity, text) from this version of the cart is out of it, in the caller's transaction.

    An unchanged cart is completed; one that was changed meanwhile keeps what was put in since. Of one that went into another
    shopper's cart before, that shopper is returned: call clear_heir for them.
    """
    heir_id = None
    if not await complete(db, cart_id, version) and not await _take_out(db, shopper_id, cart_id, lines):
        heir_id = await db.fetchval("SELECT heir_id FROM cart WHERE id = $1 AND status = 'merged'", cart_id)
    await changed(db, shopper_id)
    return heir_id


async def clear_heir(shopper_id: UUID, *, cart_id: UUID, order_id: UUID, lines: Lines) -> None:
    """What was ordered from a guest's cart is out of the shopper's that this went into, if that is still their cart; once.

    Raises NotThereYet before it has gone in: whoever signed in has a job that sees to it.
    """
    async with writing(shopper_id, step="clear_heir") as db:
        came_at = await db.fetchval("SELECT received_at FROM inbox WHERE message_id = $1", f"cart:{cart_id}")
        if came_at is None:
            raise NotThereYet(cart_id)
        active = await db.fetchval(INTO, shopper_id, came_at)
        if (
            active
            and await db.execute(ONCE, f"paid:{order_id}", db.bucket)
            and await _take_out(db, shopper_id, active, lines)
        ):
            await changed(db, shopper_id)


async def _take_out(db: Database, shopper_id: UUID, cart_id: UUID, lines: Lines) -> bool:
    """False for a cart that is not active: this order was cleared already, or the cart went into another."""
    ids, units, texts = map(list, zip(*lines, strict=True))
    if not await db.execute(BUMP + " AND id = $2", shopper_id, cart_id):
        return False
    await db.execute(
        "DELETE FROM cart_line l USING unnest($2::uuid[], $3::int[], $4::text[]) AS o(variant_id, units, personal_text)"
        " WHERE l.cart_id = $1 AND l.variant_id = o.variant_id AND l.personal_text = o.personal_text AND l.quantity <= o.units",
        cart_id, ids, units, texts,
    )  # fmt: skip
    await db.execute(
        "UPDATE cart_line l SET quantity = l.quantity - o.units FROM unnest($2::uuid[], $3::int[], $4::text[])"
        " AS o(variant_id, units, personal_text) WHERE l.cart_id = $1 AND l.variant_id = o.variant_id"
        " AND l.personal_text = o.personal_text AND l.quantity > o.units",
        cart_id, ids, units, texts,
    )  # fmt: skip
    return True


async def changed(db: Database, shopper_id: UUID) -> Changed:
    """What the browser should know after a change, at its end. Raises TooManyLines."""
    count = await db.fetchrow(COUNT, shopper_id)
    assert count is not None, "an aggregate without GROUP BY always has a row"
    if count["lines"] > rules.MOST_LINES:
        raise TooManyLines
    return Changed(units=count["units"], pv=await renew_pv(shopper_id))

"""What became of a cart before: the same order, when everything promised is the same; else unpaid ones that the next takes the place of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.db.engines import Database, reading
from app.orders.state import UNPAID, State

# Of the cart, or of the very same press of the button.
BEFORE = """
    SELECT id, cart_version AS version, quote_hash = $4 AS same, status FROM orders
    WHERE shopper_id = $1 AND (id = $2 OR cart_id = $3 AND status NOT IN ('rejected', 'cancelled'))
"""
LATER = """
    SELECT EXISTS (SELECT FROM orders WHERE cart_id = $1 AND cart_version > $2 AND status NOT IN ('rejected', 'cancelled'))
"""


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """An order from before. `same`: it promises the same as what is about to be ordered."""

    id: UUID
    version: int
    same: bool
    status: str

    @property
    def unpaid(self) -> bool:
        return self.status in UNPAID


async def orders_before(
    db: Database, shopper_id: UUID, *, order_id: UUID, cart_id: UUID, promise: str
) -> Sequence[Before]:
    """This shopper's orders that this button, or this cart, has become."""
    return [Before(**row) for row in await db.fetch(BEFORE, shopper_id, order_id, cart_id, promise)]


def the_same(before: Sequence[Before], *, order_id: UUID, version: int) -> UUID | None:
    """The order that this press is, too: its own, unless that could still be replaced by what is promised now; else
    one that promised the same from the cart as it was then, or later.
    """
    own = next((each.id for each in before if each.id == order_id and (each.same or not each.unpaid)), None)
    alike = (each.id for each in before if each.id != order_id and each.same and each.version >= version)
    return own or next(alike, None)


async def is_replaced(state: State) -> bool:
    """Whether there is an order of the cart as it was later."""
    async with reading(state.id) as db:
        return await db.fetchval(LATER, state.cart_id, state.cart_version)


async def number_of(order_ids: Sequence[UUID], *, unpaid: bool) -> str:
    """The first of these orders that can (or, not `unpaid`, need not) be paid any more; they may be of several shards."""
    for id in order_ids:
        async with reading(id) as db:
            row = await db.fetchrow("SELECT number, status FROM orders WHERE id = $1", id)
        if row and row["status"] in (UNPAID if unpaid else ("placed", "closed")):
            return str(row["number"])
    return ""

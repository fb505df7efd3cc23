"""Whether a cart's lines can have as many as they ask for. Exact numbers are looked up, and said, only of those that can't."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.cart import rules
from app.cart.views import CartView
from app.db.engines import OUTAGES, Busy, reading
from app.inventory import queries as inventory

SEVERAL = 2  # of a single unit the band that pages know says enough
OWN = "SELECT id FROM orders WHERE cart_id = $1 AND status NOT IN ('placed', 'closed')"


async def told(view: CartView, cart: rules.Cart, *, least: int = SEVERAL) -> CartView:
    """The cart with what is left of each line that asks for more, which keeps it from the checkout.

    Lines of variants of which it holds fewer than `least` units are not asked about. A shelf that can't be asked says
    nothing: placing the order is what makes sure.
    """
    try:
        free = await _too_few(view, cart, least)
    except (Busy, *OUTAGES):
        return view
    left = rules.shared_out([line for line in view.lines if not line.over], free)
    if not left:
        return view
    lines = [msgspec.structs.replace(line, left=left.get(line.line_id, line.left)) for line in view.lines]
    return msgspec.structs.replace(view, lines=lines, can_checkout=False)


async def _too_few(view: CartView, cart: rules.Cart, least: int) -> dict[UUID, int]:
    """What orders of this very cart hold, that were not placed, is there for it: asked only when something is missing."""
    units = rules.units_of(line for line in view.lines if line.available and line.policy == "stock")
    wanted = {id: many for id, many in units.items() if many >= least}
    free = await inventory.too_few(wanted) if wanted else {}
    own = await _own(cart) if free else []
    return await inventory.too_few(wanted, besides=own) if own else free


async def _own(cart: rules.Cart) -> Sequence[UUID]:
    async with reading(cart.shopper_id) as db:
        orders = [row["id"] for row in await db.fetch(OWN, cart.cart_id)]
    return [*orders, cart.order_id] if cart.order_id else orders

"""Two carts become one when a guest turns out to be somebody: both things, and of the same thing the larger number.

Carts may lie on two shards, so it takes two transactions: the guest's cart is closed with its lines in it, then its lines
are put into the other cart, once. Stopped between them, it goes on when repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.accounts.operations import renew_pv
from app.cart import rules
from app.db.engines import Database, writing
from app.values import bucket_of, new_id

# The insert or the update locks the cart's row, as every change of a cart does.
TOUCH = """
    INSERT INTO cart AS c (id, shopper_id) VALUES ($1, $2)
    ON CONFLICT (shopper_id) WHERE status = 'active' DO UPDATE SET version = c.version + 1, updated_at = now()
    RETURNING id
"""
CLOSED = (
    "UPDATE cart SET status = 'merged', heir_id = $2, updated_at = now() WHERE shopper_id = $1 AND status = 'active'"
)
# An order that waits for its payment comes along whether or not it holds uses: the next one takes its place.
HANDED = """
    SELECT c.id AS cart_id, c.code, coalesce((SELECT o.id FROM orders o WHERE o.cart_id = c.id
            AND o.status IN ('placing', 'awaiting_payment') ORDER BY o.cart_version DESC LIMIT 1), c.order_id) AS order_id, l.variant_id, l.quantity, l.seen_price, l.personal_text
    FROM cart c JOIN cart_line l ON l.cart_id = c.id
    WHERE c.shopper_id = $1 AND c.status = 'merged' ORDER BY c.id, l.added_at, l.id
"""
# The order that holds uses for its cart comes with the code it used, and without one, too.
CODE = """
    UPDATE cart SET code = coalesce(nullif($2, ''), code), order_id = coalesce($3, order_id)
    WHERE shopper_id = $1 AND status = 'active'
"""
ONCE = "INSERT INTO inbox (message_id, bucket) VALUES ($1, $2) ON CONFLICT DO NOTHING"
PUT_IN = """
    INSERT INTO cart_line AS l (id, cart_id, shopper_id, variant_id, quantity, seen_price, personal_text)
    SELECT n.id, $1, $2, n.variant_id, n.quantity, n.seen_price, n.personal_text
    FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::bigint[], $7::text[]) AS n(id, variant_id, quantity, seen_price, personal_text)
    ON CONFLICT (cart_id, variant_id, personal_text) DO UPDATE SET quantity = GREATEST(l.quantity, EXCLUDED.quantity)
"""


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a guest's closed cart, the code that stood in it, and the order it has become: unpaid, or holding its uses of promotions."""

    cart_id: UUID
    code: str = ""
    order_id: UUID | None = None
    variant_id: UUID
    quantity: int
    seen_price: int
    personal_text: str = ""

    @property
    def of(self) -> tuple[UUID, str]:
        """What makes it a line of its own."""
        return self.variant_id, self.personal_text


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: `lines` of the guest's that were not, or not so many, in the cart before; `units` in it now.

    `left`: lines for which the cart had no place. `pv`: the shopper's new private version, if the cart changed.
    """

    lines: int
    units: int
    left: int = 0
    pv: str = ""


async def hand_over(guest_id: UUID, heir_id: UUID) -> list[Handed]:
    """The guest's cart is closed, and knows whose cart it goes into. Returns what was in it, and in others closed like this; twice is once."""
    async with writing(guest_id, step="hand_over") as db:
        await db.execute(CLOSED, guest_id, heir_id)
        return [Handed(**row) for row in await db.fetch(HANDED, guest_id)]


async def take_over(shopper_id: UUID, handed: Sequence[Handed]) -> Joined:
    """The handed lines are in the shopper's cart, and the code that was typed last. Once, whatever is taken out again later."""
    came = left = 0
    async with writing(shopper_id, step="take_over") as db:
        for cart_id in dict.fromkeys(each.cart_id for each in handed):
            if await db.execute(ONCE, f"cart:{cart_id}", bucket_of(shopper_id)):
                lines = [each for each in handed if each.cart_id == cart_id]
                more, over = await _put_in(db, shopper_id, lines)
                came, left = came + more, left + over
                await db.execute(CODE, shopper_id, lines[0].code, lines[0].order_id)
        pv = await renew_pv(shopper_id) if came else ""
        return Joined(lines=came, units=await _units(db, shopper_id), left=left, pv=pv)


async def put_in_many(shopper_id: UUID, wanted: Sequence[tuple[UUID, int, int, str]]) -> Joined:
    """These (variant_id, quantity, price of one, text) are in the shopper's cart on the same terms, in one transaction."""
    async with writing(shopper_id) as db:
        lines = [
            Handed(cart_id=shopper_id, variant_id=id, quantity=many, seen_price=price, personal_text=text)
            for id, many, price, text in wanted
        ]
        came, left = await _put_in(db, shopper_id, lines) if lines else (0, 0)
        pv = await renew_pv(shopper_id)
        return Joined(lines=came, units=await _units(db, shopper_id), left=left, pv=pv)


async def _put_in(db: Database, shopper_id: UUID, lines: Sequence[Handed]) -> tuple[int, int]:
    """Returns how many lines the cart did not have, or had fewer units of; and for how many different things it is full."""
    bucket = bucket_of(shopper_id)
    cart_id = await db.fetchval(TOUCH, new_id(bucket), shopper_id)
    rows = await db.fetch("SELECT variant_id, personal_text, quantity FROM cart_line WHERE cart_id = $1", cart_id)
    had = {(row["variant_id"], row["personal_text"]): row["quantity"] for row in rows}
    known = [each for each in lines if each.of in had]
    fresh = [each for each in lines if each.of not in had]
    taken = [*fresh[: max(rules.MOST_LINES - len(had), 0)], *known]
    await db.execute(
        PUT_IN, cart_id, shopper_id, [new_id(bucket) for _ in taken], [each.variant_id for each in taken],
        [each.quantity for each in taken], [each.seen_price for each in taken], [each.personal_text for each in taken],
    )  # fmt: skip
    return sum(each.quantity > had.get(each.of, 0) for each in taken), len(lines) - len(taken)


async def _units(db: Database, shopper_id: UUID) -> int:
    sql = (
        "SELECT coalesce(sum(l.quantity), 0)::int FROM cart c JOIN cart_line l ON l.cart_id = c.id"
        " WHERE c.shopper_id = $1 AND c.status = 'active'"
    )
    return await db.fetchval(sql, shopper_id)

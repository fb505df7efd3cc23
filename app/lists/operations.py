from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack
from uuid import UUID

from app.catalog import queries as catalog
from app.db.engines import Database, reading, writing
from app.lists import queries, rules
from app.lists.rules import LATER, REMOVED, SAVED, Kept
from app.lists.wishlists import (
    BadName,
    FullList,
    NoSuchList,
    make_list,
    place,
    rename_list,
    share_list,
    throw_list_away,
)
from app.values import Refusal, bucket_of, new_id

__all__ = [
    "BadName", "FullList", "Kept", "NoSuchItem", "NoSuchList", "erase_lists", "hand_over", "keep_for_later", "keep_removed", "make_list",
    "place", "remove", "rename_list", "save", "share_list", "take", "take_off", "take_over", "throw_list_away",
]  # fmt: skip

# What is kept already needs no room. Of it the units add up; the price seen first stays, so that the list can say what became cheaper.
PUT = """
    INSERT INTO list_item AS l (id, shopper_id, kind, variant_id, chosen, quantity, seen_price, personal_text)
    SELECT $1, $2, $3::text, $4::uuid, $5, $6, $7, $9::text WHERE (SELECT count(*) FROM list_item WHERE shopper_id = $2 AND kind = $3::text) < $8
        OR EXISTS (SELECT FROM list_item WHERE shopper_id = $2 AND kind = $3::text AND variant_id = $4::uuid AND personal_text = $9::text
            AND list_id IS NULL)
    ON CONFLICT (shopper_id, kind, variant_id, personal_text, list_id) DO UPDATE SET chosen = l.chosen OR EXCLUDED.chosen,
        quantity = CASE WHEN l.kind = 'later' THEN LEAST(l.quantity + EXCLUDED.quantity, 99) ELSE l.quantity END
"""
# What was removed can be had back for a while: long enough for second thoughts, and nobody's list of it grows.
FORGOTTEN = """
    DELETE FROM list_item WHERE shopper_id = $1 AND kind = 'removed'
        AND (variant_id = $2 AND personal_text = $3 OR added_at < clock_timestamp() - interval '1 day')
"""
OFF = "DELETE FROM list_item WHERE shopper_id = $1 AND kind = 'saved' AND list_id IS NULL AND variant_id = ANY($2)"
ELSEWHERE = "SELECT EXISTS (SELECT FROM list_item WHERE shopper_id = $1 AND kind = 'saved' AND variant_id = ANY($2))"
ONCE = "INSERT INTO inbox (message_id, bucket) VALUES ($1, $2) ON CONFLICT DO NOTHING"
CAME = """
    INSERT INTO list_item (id, shopper_id, kind, variant_id, chosen, quantity, seen_price, personal_text)
    SELECT n.id, $1, n.kind, n.variant_id, n.chosen, n.quantity, n.seen_price, n.personal_text FROM (
        SELECT *, row_number() OVER (PARTITION BY kind ORDER BY place)
            + (SELECT count(*) FROM list_item l WHERE l.shopper_id = $1 AND l.kind = came.kind) AS nth
        FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::bool[], $6::int[], $7::bigint[], $8::text[])
            WITH ORDINALITY AS came(id, kind, variant_id, chosen, quantity, seen_price, personal_text, place)
        WHERE NOT EXISTS (SELECT FROM list_item l WHERE l.shopper_id = $1 AND l.kind = came.kind AND l.list_id IS NULL
            AND l.variant_id = came.variant_id AND l.personal_text = came.personal_text)) n
    WHERE nth <= $9 ON CONFLICT (shopper_id, kind, variant_id, personal_text, list_id) DO NOTHING
"""


class Line(TypedDict):
    """What a line of a cart is of. `seen_price`: of a single unit, minor units."""

    variant_id: UUID
    quantity: int
    seen_price: int
    personal_text: str


class NoSuchItem(Refusal):
    """Somebody else's answers the same as none."""

    say = "That is not kept here any more."
    status = 404


class NoRoomForLater(FullList):
    say = f"You keep {rules.MOST} things for later, and that is all there is room for. Please take something out first."


async def save(shopper_id: UUID, offer: catalog.Sellable, *, chosen: bool) -> None:
    """It is on the shopper's list; twice is once. Raises FullList."""
    async with writing(shopper_id) as db:
        about = Line(variant_id=offer.variant_id, quantity=1, seen_price=offer.price_for(1), personal_text="")
        await _put(db, shopper_id, SAVED, chosen=chosen, **about)


async def take_off(shopper_id: UUID, variant_ids: Sequence[UUID]) -> tuple[int, bool]:
    """None of these is on the shopper's own list. Returns how many were, and whether a list with a name still has one."""
    async with writing(shopper_id) as db:
        were = await db.execute(OFF, shopper_id, list(variant_ids))
        return were, await db.fetchval(ELSEWHERE, shopper_id, list(variant_ids))


async def keep_for_later(db: Database, shopper_id: UUID, **line: Unpack[Line]) -> None:
    """A line of the cart is under the cart, in the caller's transaction. Raises NoRoomForLater."""
    await _put(db, shopper_id, LATER, chosen=True, **line)


async def keep_removed(db: Database, shopper_id: UUID, line_id: UUID, **line: Unpack[Line]) -> None:
    """A line that is taken out can be had back under its own id, in the caller's transaction."""
    variant_id, text = line["variant_id"], line["personal_text"]
    await db.execute(FORGOTTEN, shopper_id, variant_id, text)
    about = (line["quantity"], line["seen_price"], rules.MOST, text)
    await db.execute(PUT, line_id, shopper_id, REMOVED, variant_id, True, *about)


async def take(db: Database, shopper_id: UUID, item_id: UUID) -> Kept:
    """It is kept no more, in the caller's transaction. Raises NoSuchItem."""
    sql = f"DELETE FROM list_item WHERE shopper_id = $1 AND id = $2 RETURNING {queries.KEPT}"  # noqa: S608 - a constant
    row = await db.fetchrow(sql, shopper_id, item_id)
    if row is None:
        raise NoSuchItem
    return Kept(**row)


async def remove(shopper_id: UUID, item_id: UUID) -> Kept:
    """It is kept no more. Raises NoSuchItem."""
    async with writing(shopper_id) as db:
        return await take(db, shopper_id, item_id)


async def hand_over(guest_id: UUID) -> list[Kept]:
    """What a guest, whose session is over, has kept; it stays there, for a repetition after a crash."""
    async with reading(guest_id) as db:
        return await queries.items_of(db, guest_id, [LATER, SAVED])


async def take_over(shopper_id: UUID, guest_id: UUID, kept: Sequence[Kept]) -> None:
    """The guest's things are the shopper's, too, as far as there is room; once, whatever is taken out again later."""
    if not kept:
        return
    bucket = bucket_of(shopper_id)
    async with writing(shopper_id, step="take_over_lists") as db:
        if await db.execute(ONCE, f"lists:{guest_id}", bucket):
            await db.execute(
                CAME, shopper_id, [new_id(bucket) for _ in kept], [each.kind for each in kept],
                [each.variant_id for each in kept], [each.chosen for each in kept], [each.quantity for each in kept],
                [each.seen_price for each in kept], [each.personal_text for each in kept], rules.MOST,
            )  # fmt: skip


async def erase_lists(shopper_id: UUID) -> None:
    """Nothing says what they had put aside. Twice is once."""
    async with writing(shopper_id, step="erase_lists") as db:
        await db.execute("DELETE FROM list_item WHERE shopper_id = $1", shopper_id)
        await db.execute("DELETE FROM wishlist WHERE shopper_id = $1", shopper_id)


async def _put(db: Database, shopper_id: UUID, kind: str, *, chosen: bool, **line: Unpack[Line]) -> None:
    id, about = new_id(bucket_of(shopper_id)), (line["quantity"], line["seen_price"], rules.MOST, line["personal_text"])
    if not await db.execute(PUT, id, shopper_id, kind, line["variant_id"], chosen, *about):
        raise NoRoomForLater if kind == LATER else FullList

"""Lists with names: made, filled from the shopper's other lists, shown to others by a link, thrown away."""

from __future__ import annotations

import secrets
from uuid import UUID

from app.db.engines import Database, writing
from app.lists import rules
from app.lists.rules import SAVED
from app.values import Refusal, bucket_mark, bucket_of, new_id


class BadName(Refusal):
    say = f"A list needs a name of at most {rules.LONGEST_NAME} characters that none of your others has."
    status = 422


class TooManyLists(Refusal):
    say = f"You have {rules.MOST_LISTS} lists already. Please throw one away first."


class FullList(Refusal):
    say = f"Your lists hold {rules.MOST} things in all, and are full. Please take something out first."


class NoSuchList(Refusal):
    """Somebody else's answers the same as none."""

    say = "This list is not here any more."
    status = 404


# Whatever a shopper does to lists at once happens one after the other.
ONE_BY_ONE = "SELECT id FROM shopper WHERE id = $1 FOR NO KEY UPDATE"
MAKE = "INSERT INTO wishlist (id, shopper_id, name) VALUES ($1, $2, $3)"
# On the other list it is there once: what was there before gives way, with the price it was seen at.
ROOM = """
    DELETE FROM list_item old USING list_item new WHERE new.id = $2 AND new.shopper_id = $1 AND new.kind = $4
        AND old.shopper_id = $1 AND old.kind = $4 AND old.variant_id = new.variant_id
        AND old.list_id IS NOT DISTINCT FROM $3 AND old.id <> new.id
"""
MOVE = "UPDATE list_item SET list_id = $3 WHERE shopper_id = $1 AND id = $2 AND kind = $4"
COPY = """
    INSERT INTO list_item (id, shopper_id, kind, variant_id, chosen, quantity, seen_price, list_id)
    SELECT $5, shopper_id, kind, variant_id, chosen, quantity, seen_price, $3 FROM list_item
    WHERE shopper_id = $1 AND id = $2 AND kind = $4 AND list_id IS DISTINCT FROM $3
        AND (SELECT count(*) FROM list_item WHERE shopper_id = $1 AND kind = $4) < $6
"""
FULL = """
    SELECT count(*) >= $5 AND bool_or(id = $2 AND list_id IS DISTINCT FROM $3) FROM list_item WHERE shopper_id = $1 AND kind = $4
"""


async def make_list(shopper_id: UUID, name: str) -> UUID:
    """There is a list of this name. Raises BadName, TooManyLists."""
    id = new_id(bucket_of(shopper_id))
    async with writing(shopper_id) as db:
        good = await _name(db, shopper_id, name, but=None)
        if await db.fetchval("SELECT count(*) FROM wishlist WHERE shopper_id = $1", shopper_id) >= rules.MOST_LISTS:
            raise TooManyLists
        await db.execute(MAKE, id, shopper_id, good)
    return id


async def rename_list(shopper_id: UUID, list_id: UUID, name: str) -> None:
    """It has this name. Raises BadName, NoSuchList."""
    async with writing(shopper_id) as db:
        good = await _name(db, shopper_id, name, but=list_id)
        sql = "UPDATE wishlist SET name = $3 WHERE shopper_id = $1 AND id = $2"
        if not await db.execute(sql, shopper_id, list_id, good):
            raise NoSuchList


async def share_list(shopper_id: UUID, list_id: UUID, *, shared: bool) -> None:
    """Who has its link sees it, or nobody any more: a link that was taken back never works again. Raises NoSuchList."""
    token = bucket_mark(bucket_of(shopper_id)) + secrets.token_urlsafe(32) if shared else None
    sql = "UPDATE wishlist SET share = CASE WHEN $3::text IS NOT NULL THEN coalesce(share, $3) END WHERE shopper_id = $1 AND id = $2"
    async with writing(shopper_id) as db:
        if not await db.execute(sql, shopper_id, list_id, token):
            raise NoSuchList


async def throw_list_away(shopper_id: UUID, list_id: UUID) -> None:
    """The list is gone, with what was on it. Raises NoSuchList."""
    async with writing(shopper_id) as db:
        if not await db.execute("DELETE FROM wishlist WHERE shopper_id = $1 AND id = $2", shopper_id, list_id):
            raise NoSuchList


async def place(shopper_id: UUID, item_id: UUID, list_id: UUID | None, *, copy: bool) -> None:
    """Something saved is on this list (None: the shopper's own), and, as a copy, also where it was. Nothing happens to what is not there.

    Raises NoSuchList, FullList.
    """
    async with writing(shopper_id) as db:
        await db.execute(ONE_BY_ONE, shopper_id)
        sql = "SELECT EXISTS (SELECT FROM wishlist WHERE shopper_id = $1 AND id = $2)"
        if list_id is not None and not await db.fetchval(sql, shopper_id, list_id):
            raise NoSuchList
        about = (shopper_id, item_id, list_id, SAVED)
        await db.execute(ROOM, *about)
        done = (
            await db.execute(COPY, *about, new_id(bucket_of(shopper_id)), rules.MOST)
            if copy
            else await db.execute(MOVE, *about)
        )
        if copy and not done and await db.fetchval(FULL, *about, rules.MOST):
            raise FullList


async def _name(db: Database, shopper_id: UUID, name: str, *, but: UUID | None) -> str:
    await db.execute(ONE_BY_ONE, shopper_id)
    good = rules.name_of(name)
    sql = "SELECT EXISTS (SELECT FROM wishlist WHERE shopper_id = $1 AND name = $2 AND id IS DISTINCT FROM $3)"
    if good is None or await db.fetchval(sql, shopper_id, good, but):
        raise BadName
    return good

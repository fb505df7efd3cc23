"""The end of an account. It goes first, so nobody can come in any more; what belongs to it follows, slice by slice."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.accounts.events import SendAccountNotice, ShopperChanged, ShopperErased
from app.accounts.joining import LinkOpensNothing
from app.accounts.links import Link, make_link, spend
from app.accounts.queries import Member
from app.db.engines import writing
from app.db.outbox import emit
from app.values import bucket_of

ERASED = "UPDATE shopper SET erased_at = coalesce(erased_at, now()), account_id = NULL WHERE id = $1"
LINKS = "DELETE FROM account_token WHERE email = $1 OR shopper_id = $2 RETURNING kind, account_id"


async def ask_to_erase(member: Member) -> None:
    """A mail asks once more: its link is proof for who has forgotten the password."""
    async with writing(member.account_id):
        bucket, account_id = bucket_of(member.account_id), member.account_id
        await make_link("erase", member.email, bucket=bucket, account_id=account_id, shopper_id=member.shopper_id)


async def erase(member: Member, link: Link | None = None) -> ShopperErased | None:
    """The account is gone, and what has to follow is noted. None when it was gone already. Raises LinkOpensNothing."""
    async with writing(member.account_id, step="erase") as db:
        if link and not await spend(db, link):
            raise LinkOpensNothing
        gone = await db.fetch(LINKS, member.email, member.shopper_id)
        if not await db.execute("DELETE FROM account WHERE id = $1", member.account_id):
            return None
        # Where the account was about to go when its owner was on the way to another address.
        moving = tuple(row["account_id"] for row in gone if row["kind"] == "move")
        what = ShopperErased(shopper_id=member.shopper_id, moving=moving)
        await emit(what, SendAccountNotice(email=member.email, what="erased"))
    return what


async def erase_shopper(shopper_id: UUID, moving: Iterable[UUID]) -> None:
    """Nobody is signed in as them, and their book is empty. Twice is once."""
    async with writing(shopper_id, step="erase_shopper") as db:
        await db.execute(ERASED, shopper_id)
        await db.execute("DELETE FROM session WHERE shopper_id = $1", shopper_id)
        await db.execute("DELETE FROM address WHERE shopper_id = $1", shopper_id)
        await emit(ShopperChanged(shopper_id=shopper_id))
    for account_id in moving:
        async with writing(account_id, step="erase_moved") as db:
            await db.execute("DELETE FROM account WHERE id = $1 AND shopper_id = $2", account_id, shopper_id)

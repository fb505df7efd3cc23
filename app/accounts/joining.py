"""From a link in a mail to an account. A shopper is claimed first, on their shard; then the address is, on its own.

A crash between the two leaves a shopper who waits for an account of this id; the same link takes it up again.
"""

from __future__ import annotations

from uuid import UUID

from app.accounts.links import Link, count_miss, link_of, spend
from app.accounts.queries import Member, member_by_email
from app.db.engines import writing
from app.values import Refusal, any_bucket, new_id
from app.web import passwords


class LinkOpensNothing(Refusal):
    say = "This link opens nothing any more. Links work once, and not for long: please ask for a new one."
    status = 422


class HasAccount(Refusal):
    say = "There is an account with this e-mail address already. Please sign in, or ask for a link by mail."
    status = 409


class NotYourPassword(Refusal):
    say = "This is not the password of the account. Please try again."
    status = 422


async def join(token: str, *, by: UUID | None, password: str) -> Member:
    """The account that the link promised. Raises LinkOpensNothing, NotYourPassword, HasAccount.

    A link proves the address, not who typed it: in another browser than the one that asked (`by`) the password must be
    known, too. Otherwise somebody could have chosen the password of an account that another confirms.
    """
    link = await _open(token, "join")
    known = by is not None and by == link.shopper_id
    if not known and not await passwords.matches(link.password_hash, password):
        await count_miss(link)
        raise NotYourPassword
    shopper_id = await _claimed(link)
    async with writing(link.bucket, step="join") as db:
        if not await spend(db, link):
            raise LinkOpensNothing
        await db.execute(
            "INSERT INTO account (id, email, name, password_hash, shopper_id) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING",
            link.account_id, link.email, link.name, link.password_hash, shopper_id,
        )  # fmt: skip
    return await _mine(link)


async def enter_by_link(token: str) -> Member:
    """The account of the link's address; it opens nothing more. Raises LinkOpensNothing."""
    link = await _open(token, "enter")
    async with writing(link.bucket) as db:
        if not await spend(db, link):
            raise LinkOpensNothing
    member = await member_by_email(link.email)
    if member is None:
        raise LinkOpensNothing
    return member


async def _open(token: str, kind: str) -> Link:
    link = await link_of(token)
    if link is None or link.kind != kind:
        raise LinkOpensNothing
    return link


async def _claimed(link: Link) -> UUID:
    """The shopper who asked, if they have no other account; else a new one."""
    if link.shopper_id:
        async with writing(link.shopper_id, step="claim") as db:
            if await db.execute(
                "UPDATE shopper SET account_id = $2 WHERE id = $1 AND erased_at IS NULL"
                " AND (account_id IS NULL OR account_id = $2)",
                link.shopper_id, link.account_id,
            ):  # fmt: skip
                return link.shopper_id
    shopper_id = new_id(any_bucket())
    async with writing(shopper_id) as db:
        await db.execute("INSERT INTO shopper (id, account_id) VALUES ($1, $2)", shopper_id, link.account_id)
    return shopper_id


async def _mine(link: Link) -> Member:
    member = await member_by_email(link.email)
    if member is None or member.account_id != link.account_id:  # somebody was quicker with the same address
        await _unclaim(link)
        raise HasAccount
    return member


async def _unclaim(link: Link) -> None:
    if link.shopper_id:
        async with writing(link.shopper_id) as db:
            sql = "UPDATE shopper SET account_id = NULL WHERE id = $1 AND account_id = $2"
            await db.execute(sql, link.shopper_id, link.account_id)

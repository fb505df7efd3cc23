"""What an account's owner changes: their name, their password, their address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.accounts.events import AccountMoved, AddressProved, PasswordChanged, SendAccountNotice, ShopperChanged
from app.accounts.joining import HasAccount, LinkOpensNothing, NotYourPassword
from app.accounts.links import count_miss, link_of, make_link, spend
from app.accounts.queries import Member, member_by_email, member_of
from app.accounts.rules import normalised
from app.accounts.signing_in import knows_password
from app.db.engines import Database, reading, writing
from app.db.outbox import emit
from app.values import bucket_of, name_bucket, new_id
from app.web import passwords

# A link that is open when the password changes may be why it does; of several moves the last one counts.
CLOSED = (
    "UPDATE account_token SET used_at = clock_timestamp() WHERE used_at IS NULL AND (email = $1 OR shopper_id = $2)"
)
MOVES_CLOSED = (
    "UPDATE account_token SET used_at = clock_timestamp() WHERE used_at IS NULL AND kind = 'move' AND shopper_id = $1"
)


async def rename(member: Member, name: str) -> None:
    """The account's owner is called so."""
    async with writing(member.account_id) as db:
        await db.execute("UPDATE account SET name = $2 WHERE id = $1", member.account_id, name)


async def change_password(member: Member, password: str) -> None:
    """Only the new password opens the account; every browser is signed out, and its owner is told."""
    stored = await passwords.hashed(password)
    async with writing(member.account_id) as db:
        await _set_password(db, member, stored)
    await end_sessions(member.shopper_id)


async def reset_password(token: str, password: str) -> Member:
    """The same for whoever has the link in the mail. Raises LinkOpensNothing."""
    link = await link_of(token)
    member = await member_by_email(link.email) if link and link.kind == "reset" else None
    if link is None or member is None:
        raise LinkOpensNothing
    stored = await passwords.hashed(password)
    async with writing(link.bucket) as db:
        if not await spend(db, link):
            raise LinkOpensNothing
        await _set_password(db, member, stored)
    await end_sessions(member.shopper_id)
    return member


async def _set_password(db: Database, member: Member, stored: str) -> None:
    sql = "UPDATE account SET password_hash = $2 WHERE id = $1 RETURNING clock_timestamp()"
    at = await db.fetchval(sql, member.account_id, stored)
    await db.execute(CLOSED, member.email, member.shopper_id)
    await emit(PasswordChanged(email=member.email, shopper_id=member.shopper_id, at=at))


async def end_sessions(shopper_id: UUID, before: datetime | None = None) -> None:
    """The shopper is signed out everywhere; `before`: of sessions opened until then. Twice is once."""
    async with writing(shopper_id) as db:
        await db.execute(
            "DELETE FROM session WHERE shopper_id = $1 AND ($2::timestamptz IS NULL OR created_at < $2)",
            shopper_id, before,
        )  # fmt: skip
        await emit(ShopperChanged(shopper_id=shopper_id))


async def ask_to_move(member: Member, email: str) -> None:
    """A mail to the new address asks whether it is theirs. Until that is confirmed, nothing changes."""
    email = normalised(email)
    bucket = bucket_of(member.account_id)
    async with writing(member.account_id) as db:
        to = new_id(name_bucket(email))
        await db.execute(MOVES_CLOSED, member.shopper_id)
        await make_link("move", email, bucket=bucket, account_id=to, shopper_id=member.shopper_id)


async def move(token: str, *, by: UUID | None, password: str) -> Member:
    """The account has the address that the link was sent to. Raises LinkOpensNothing, NotYourPassword, HasAccount.

    The link proves the address, not whose account it is: where nobody of the account is signed in (`by`) its password
    must be known. Otherwise a slip in an address gives the account away, and a stranger could be made to confirm one.
    """
    link = await link_of(token)
    member = await member_of(link.shopper_id) if link and link.kind == "move" and link.shopper_id else None
    if link is None or member is None:
        raise LinkOpensNothing
    if by != member.shopper_id and not await knows_password(member.email, password):
        await count_miss(link)
        raise NotYourPassword
    async with writing(link.bucket, step="move") as db:
        if not await spend(db, link):
            raise LinkOpensNothing
        await emit(AccountMoved(account_id=member.account_id, new_id=link.account_id, email=link.email))
    if not await settle_move(member.account_id, link.account_id, link.email):
        raise HasAccount
    moved = await member_by_email(link.email)
    if moved is None:
        raise LinkOpensNothing
    return moved


async def settle_move(account_id: UUID, to: UUID, email: str) -> bool:
    """The account lies in its new address's shard under a new id. Four transactions; stopped anywhere, it goes on when repeated.

    False when the new address belongs to another account: then nothing has moved.
    """
    async with reading(account_id) as db:
        row = await db.fetchrow("SELECT * FROM account WHERE id = $1", account_id)
    if row is None:  # moved already
        return True
    async with writing(to, step="move_in") as db:
        await db.execute(
            "INSERT INTO account (id, email, name, password_hash, shopper_id, note, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            to, email, row["name"], row["password_hash"], row["shopper_id"], row["note"], row["created_at"],
        )  # fmt: skip
        if await db.fetchval("SELECT id FROM account WHERE email = $1", email) != to:
            return False
    async with writing(row["shopper_id"], step="move_shopper") as db:
        sql = "UPDATE shopper SET account_id = $3 WHERE id = $1 AND account_id = $2"
        await db.execute(sql, row["shopper_id"], account_id, to)
        await emit(AddressProved(email=email, shopper_id=row["shopper_id"]))
    async with writing(account_id, step="move_out") as db:
        if await db.execute("DELETE FROM account WHERE id = $1", account_id):
            await emit(SendAccountNotice(email=row["email"], what="moved", about=email))
    return True

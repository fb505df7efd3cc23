from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.accounts.addresses import SavedAddress, addresses_of
from app.accounts.links import Link, link_of, link_to_mail, token_of
from app.accounts.rules import normalised
from app.db.engines import reading
from app.values import name_bucket, seconds
from app.web.visitor import RENEWED

__all__ = ["Link", "SavedAddress", "addresses_of", "link_of", "link_to_mail", "token_of"]  # for other slices and jobs

ACCOUNT = "SELECT id AS account_id, shopper_id, email, name, created_at, note, version FROM account"


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A live session: whose it is, and the private version the database holds. `ages`: a guest's, due to be renewed."""

    shopper_id: UUID
    pv: str
    signed_in: bool = False
    ages: bool = False


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A shopper with an account."""

    account_id: UUID
    shopper_id: UUID
    email: str
    name: str
    created_at: datetime
    note: str = ""
    version: int = 1


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that is signed in. `here`: the one that asks."""

    session_id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime
    here: bool


async def session_of(token_hash: bytes, bucket: int) -> SessionView | None:
    """The session with this token's hash, or None when there is none or it has expired."""
    async with reading(bucket) as db:
        row = await db.fetchrow(
            "SELECT shopper_id, pv, signed_in, NOT signed_in AND expires_at < now() + $2::interval AS ages FROM session"
            " WHERE token_hash = $1 AND expires_at > now()",
            token_hash, seconds(RENEWED),
        )  # fmt: skip
    return SessionView(**row) if row else None


async def just_ended(token_hash: bytes, bucket: int) -> bool:
    """Whether this session ended within the last minute because its browser got another one."""
    async with reading(bucket) as db:
        sql = "SELECT EXISTS (SELECT FROM session WHERE token_hash = $1 AND expires_at > now() - interval '1 minute')"
        return await db.fetchval(sql, token_hash)


async def member_of(shopper_id: UUID) -> Member | None:
    """The account of this shopper, in two reads: their shard names it, its own holds it."""
    async with reading(shopper_id) as db:
        account_id = await db.fetchval("SELECT account_id FROM shopper WHERE id = $1", shopper_id)
    if account_id is None:
        return None
    async with reading(account_id) as db:
        row = await db.fetchrow(f"{ACCOUNT} WHERE id = $1", account_id)
    return Member(**row) if row else None


async def member_by_email(email: str) -> Member | None:
    """The account with this address."""
    email = normalised(email)
    async with reading(name_bucket(email)) as db:
        row = await db.fetchrow(f"{ACCOUNT} WHERE email = $1", email)
    return Member(**row) if row else None


async def sessions_of(shopper_id: UUID, here: bytes = b"") -> list[SessionRow]:
    """The browsers that are signed in as this shopper, the latest first. `here`: the hash of the asking one's token."""
    async with reading(shopper_id) as db:
        rows = await db.fetch(
            "SELECT id AS session_id, agent, created_at, seen_at, token_hash = $2 AS here FROM session"
            " WHERE shopper_id = $1 AND signed_in AND expires_at > now() ORDER BY here DESC, seen_at DESC LIMIT 50",
            shopper_id, here,
        )  # fmt: skip
    return [SessionRow(**row) for row in rows]

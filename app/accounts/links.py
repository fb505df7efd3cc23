"""The links in an account's mails: 256 bits, one use, an end. Who asks for one learns nothing about the address.

A link's token is made from its row's id with the shop's secret: a repeated mail says the same, and neither the database
nor its outbox holds a key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID

import msgspec

from app.accounts.events import SendAccountLink
from app.accounts.rules import normalised
from app.db.engines import CURRENT, Database, reading, writing
from app.db.outbox import emit
from app.settings import settings
from app.values import DAY, HOUR, MINUTE, bucket_mark, bucket_of, name_bucket, new_id, read_bucket_mark, seconds

TOKEN = re.compile(r"[0-9A-HJKMNP-TV-Z]{2}[A-Za-z0-9_-]{43}")
LASTS = {"join": DAY, "enter": 30 * MINUTE, "reset": HOUR, "move": DAY, "erase": 30 * MINUTE}
MOST_TRIES = 10  # wrong passwords before a link opens nothing any more

MADE = """
    INSERT INTO account_token (id, kind, token_hash, email, name, password_hash, account_id, shopper_id, next_path, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + $10::interval)
"""
OPEN = """
    SELECT id, kind, email, name, password_hash, account_id, shopper_id, next_path FROM account_token
    WHERE token_hash = $1 AND used_at IS NULL AND expires_at > clock_timestamp() AND tries < $2
"""
USED = """
    UPDATE account_token SET used_at = clock_timestamp()
    WHERE id = $1 AND used_at IS NULL AND expires_at > clock_timestamp()
"""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a link was made for. `bucket`: where it and, but for `move`, its account lie."""

    id: UUID
    kind: str
    email: str
    name: str
    password_hash: str
    account_id: UUID
    shopper_id: UUID | None
    next_path: str

    @property
    def bucket(self) -> int:
        return bucket_of(self.id)


async def ask_for_link(kind: str, email: str, **about: Any) -> None:
    """A mail with a link is on its way, if there is anybody to send it to: the same work for every address.

    `about`: name, password_hash, shopper_id, next_path.
    """
    email = normalised(email)
    bucket = name_bucket(email)
    async with writing(bucket):
        await make_link(kind, email, bucket=bucket, account_id=new_id(bucket), **about)


async def make_link(
    kind: str,
    email: str,
    *,
    bucket: int,
    account_id: UUID,
    name: str = "",
    password_hash: str = "",
    shopper_id: UUID | None = None,
    next_path: str = "",
) -> None:
    """The same inside `writing(bucket)`."""
    id, database = new_id(bucket), CURRENT.get()
    assert database is not None, "make_link belongs inside writing(bucket)"
    await database.execute(
        MADE, id, kind, _hash(token_of(id)), email, name, password_hash, account_id, shopper_id, next_path,
        seconds(LASTS[kind]),
    )  # fmt: skip
    await emit(SendAccountLink(token_id=id))


async def link_of(token: str) -> Link | None:
    """What the token opens, or None when it is malformed, unknown, used, too old or tried too often: they look the same."""
    bucket = read_bucket_mark(token)
    if bucket is None or not TOKEN.fullmatch(token):
        return None
    async with reading(bucket) as db:
        row = await db.fetchrow(OPEN, _hash(token), MOST_TRIES)
    return Link(**row) if row else None


async def link_to_mail(token_id: UUID) -> tuple[Link, bool] | None:
    """The link of this row, if it still opens something, and whether its address has an account."""
    async with reading(token_id) as db:
        row = await db.fetchrow(OPEN, _hash(token_of(token_id)), MOST_TRIES)
        known = await db.fetchval("SELECT count(*) FROM account WHERE email = $1", row["email"]) if row else 0
    return (Link(**row), bool(known)) if row else None


async def spend(db: Database, link: Link) -> bool:
    """The link opens nothing any more, from the caller's transaction on. False when somebody was quicker."""
    return await db.execute(USED, link.id) == 1


async def count_miss(link: Link) -> None:
    """A wrong password was typed for it."""
    async with writing(link.id) as db:
        await db.execute("UPDATE account_token SET tries = tries + 1 WHERE id = $1", link.id)


def token_of(id: UUID) -> str:
    """The token of the link in this row."""
    mac = hmac.new(f"account-link:{settings().secret}".encode(), id.bytes, hashlib.sha256).digest()
    return bucket_mark(bucket_of(id)) + urlsafe_b64encode(mac).decode().rstrip("=")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

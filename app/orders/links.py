"""The link in each mail about an order: opens it in another browser for whoever has the link and knows the e-mail address.

Exchanged for a row beside the order that names the browser's own shopper: orders stay where they are. It works again, on a
phone's mail program and then in its browser; what keeps others out is that ten wrong addresses end it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from app.db.engines import Database, reading, writing
from app.db.outbox import emit
from app.orders import rules
from app.orders.events import OrderOpened
from app.settings import settings
from app.values import DAY, bucket_of, new_id, read_bucket_mark, seconds

LASTS = 90 * DAY
MOST_TRIES = 10  # wrong addresses before a link opens nothing any more
BYTES = 16  # 128 bits: nobody guesses one

MADE = """
    INSERT INTO order_link (id, order_id, token_hash, expires_at)
    SELECT $1, id, $3, clock_timestamp() + $4::interval FROM orders WHERE id = $2 ON CONFLICT (token_hash) DO NOTHING
"""
TRIED = """
    UPDATE order_link k SET tries = k.tries + (lower(o.email) <> lower($4))::int FROM orders o
    WHERE k.token_hash = $1 AND o.id = k.order_id AND o.number = $2 AND k.expires_at > clock_timestamp() AND k.tries < $3
    RETURNING lower(o.email) = lower($4)
"""
OPENED = """
    UPDATE order_link SET opened_at = coalesce(opened_at, clock_timestamp())
    WHERE token_hash = $1 AND expires_at > clock_timestamp() AND tries < $2 RETURNING order_id
"""
READER = "INSERT INTO order_reader (id, order_id, shopper_id) VALUES ($1, $2, $3) ON CONFLICT (order_id, shopper_id) DO NOTHING"


async def make_link(order_id: UUID, number: str, row_id: UUID) -> str:
    """The path that opens the order, made for one mail: the same mail again has the same link. Only its hash is stored."""
    token = _token(row_id)
    async with reading(order_id) as db:
        known = await db.fetchval("SELECT true FROM order_link WHERE token_hash = $1", _hash(token))
    if not known:
        async with writing(order_id) as db:
            await write_link(db, order_id, row_id)
    return f"/orders/{number}/open/{token}"


async def write_link(db: Database, order_id: UUID, row_id: UUID) -> None:
    """The mail of this row may name its link, in the caller's transaction. Twice is once."""
    await db.execute(MADE, new_id(bucket_of(order_id)), order_id, _hash(_token(row_id)), seconds(LASTS))


async def knows_link(number: str, token: str, email: str) -> bool:
    """Whether somebody has a link that works and knows whose it is. Each wrong address counts.

    False, and no more is said, for a link that is unknown, too old or tried too often, and for another e-mail address.
    """
    found = rules.read_number(number)
    bucket = read_bucket_mark(found) if found else None
    if bucket is None or not email.strip():  # an order whose shopper was forgotten has no address
        return False
    async with writing(bucket) as db:
        return bool(await db.fetchval(TRIED, _hash(token), found, MOST_TRIES, email.strip()))


async def open_link(number: str, token: str, shopper_id: UUID) -> bool:
    """The shopper can read the order from now on. Twice is once; false for a link that has ended meanwhile."""
    found = rules.read_number(number)
    bucket = read_bucket_mark(found) if found else None
    if bucket is None:
        return False
    async with writing(bucket) as db:
        order_id = await db.fetchval(OPENED, _hash(token), MOST_TRIES)
        if order_id is None:
            return False
        await db.execute(READER, new_id(bucket), order_id, shopper_id)
        await emit(OrderOpened(order_id=order_id, shopper_id=shopper_id))
    return True


def _token(row_id: UUID) -> str:
    """Whoever has read the whole database still lacks the secret; no second mail is needed to know what the first one said."""
    mac = hmac.new(f"order-link:{settings().secret}".encode(), row_id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(mac[:BYTES]).decode().rstrip("=")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

"""The link in an alert's mails: made from its row's id with the shop's secret, so a repeated mail says the same; only its hash is stored."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from uuid import UUID

from app.settings import settings
from app.values import bucket_mark, bucket_of, read_bucket_mark

TOKEN = re.compile(r"[0-9A-HJKMNP-TV-Z]{2}[A-Za-z0-9_-]{43}")


def token_of(id: UUID) -> str:
    """The token of the alert in this row."""
    mac = hmac.new(f"stock-alert:{settings().secret}".encode(), id.bytes, hashlib.sha256).digest()
    return bucket_mark(bucket_of(id)) + urlsafe_b64encode(mac).decode().rstrip("=")


def hash_of(token: str) -> bytes:
    """What is stored of it."""
    return hashlib.sha256(token.encode()).digest()


def bucket_in(token: str) -> int | None:
    """Where its alert lies; None for what is no token."""
    return read_bucket_mark(token) if TOKEN.fullmatch(token) else None

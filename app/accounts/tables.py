from __future__ import annotations

from piccolo.columns import UUID, Bytea, Timestamptz, Varchar
from piccolo.table import Table

from app.db.engines import SHARDS


class Shopper(Table, tablename="shopper", db=SHARDS):
    """Someone with a cart. Everything they own carries their bucket."""

    id = UUID(primary_key=True, default=None)
    created_at = Timestamptz()


class Session(Table, tablename="session", db=SHARDS):
    """A browser that may act for a shopper. Only the token's SHA-256 is stored."""

    id = UUID(primary_key=True, default=None)
    token_hash = Bytea(unique=True)
    shopper_id = UUID(default=None, index=True)
    pv = Varchar(length=22, help_text="changes with every change of cart or account")
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()

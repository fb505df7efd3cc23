from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS


class StockAlert(Table, tablename="stock_alert", db=SHARDS):
    """Somebody wants to hear when a variant is back, or costs less than they saw. In the bucket of the address; only its confirmation makes it count."""

    id = UUID(primary_key=True, default=None)
    email = Varchar(length=254)
    variant_id = UUID(default=None)
    kind = Varchar(length=5, default="stock", help_text="stock | price")
    price_seen = BigInt(null=True, default=None, help_text="minor units; what it has to cost less than")
    token_hash = Bytea(unique=True)
    asked_at = Timestamptz()
    expires_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    told_at = Timestamptz(null=True, default=None)

    one_each = Unique([email, variant_id, kind])

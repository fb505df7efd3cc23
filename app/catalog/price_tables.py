from __future__ import annotations

from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARED


class Price(Table, tablename="price", db=SHARED):
    """What one unit costs in a market, from a quantity on, while no timed price holds. Tax as the market shows it."""

    id = UUID(primary_key=True, default=None)
    variant_id = UUID(default=None, index=True)
    market = Varchar(length=8)
    currency = Varchar(length=3)
    amount = BigInt(help_text="minor units")
    was = BigInt(null=True, default=None, help_text="minor units")
    min_quantity = Integer(default=1)
    since = Timestamptz(help_text="from when it costs this")

    one_per_break = Unique([variant_id, market, min_quantity])


class TimedPrice(Table, tablename="timed_price", db=SHARED):
    """What one unit costs for a while; prices.sql says which is in force. No two of a variant and market overlap."""

    id = UUID(primary_key=True, default=None)
    variant_id = UUID(default=None)
    market = Varchar(length=8)
    currency = Varchar(length=3)
    amount = BigInt(help_text="minor units")
    starts_at = Timestamptz()
    ends_at = Timestamptz(null=True, default=None)
    since = Timestamptz(help_text="from when its amount is this")


class PricePast(Table, tablename="price_past", db=SHARED):
    """What one unit did cost. Written by prices.sql alone."""

    id = UUID(primary_key=True, default=None)
    variant_id = UUID(default=None, index=True)
    market = Varchar(length=8)
    amount = BigInt(help_text="minor units")
    from_at = Timestamptz()
    until_at = Timestamptz()

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Date, Integer, SmallInt, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS, SHARED

HELD, CLAIMED, RELEASED, PINNED = 0, 1, 2, 3  # reservation states


class Stock(Table, tablename="stock", db=SHARDS):
    """How many units of a variant there are. Checks keep 0 <= reserved <= on_hand."""

    variant_id = UUID(primary_key=True, default=None)
    on_hand = Integer(default=0)
    reserved = Integer(default=0)
    sold = Integer(default=0)
    most = Integer(null=True, default=None, help_text="of a limit: the uses there are in all")
    most_version = Integer(default=0, help_text="of what said so: an older one changes nothing")
    policy = Varchar(length=20, default="stock", help_text="stock | made_to_order | preorder")
    few_at = Integer(default=3, help_text="at this many units the shop says `few left`")
    lead_days = Integer(default=0)
    back_on = Date(null=True, default=None)
    band = Varchar(length=10, default="out", help_text="in | few | out | later")
    band_version = BigInt(default=0, help_text="counts band changes, so that the projection never goes back")


class Reservation(Table, tablename="reservation", db=SHARDS):
    """Units of a variant kept for an order: held (timed) -> pinned -> claimed | released."""

    id = UUID(primary_key=True, default=None, help_text="carries the variant's bucket")
    variant_id = UUID(default=None)
    order_id = UUID(default=None)
    quantity = Integer()
    state = SmallInt(default=HELD)
    expires_at = Timestamptz()

    one_per_line = Unique([order_id, variant_id])


class StockLedger(Table, tablename="stock_ledger", db=SHARDS):
    """Every change of what is on hand, with its reason."""

    id = UUID(primary_key=True, default=None)
    variant_id = UUID(default=None, index=True)
    delta = Integer()
    reason = Varchar(
        length=40, help_text="opening | received | adjusted | counted | sold | returned | exchanged | limit"
    )
    reference = Varchar(length=80, default="")
    at = Timestamptz()


class StockOwed(Table, tablename="stock_owed", db=SHARDS):
    """Units that left the shelf unsold. `owed`: those that no ledger entry tells of, for want of free ones."""

    id = UUID(
        primary_key=True, default=None, help_text="carries the variant's bucket; follows from whoever took them out"
    )
    variant_id = UUID(default=None)
    owed = Integer()
    reference = Varchar(length=80, default="")
    at = Timestamptz()


class StockBand(Table, tablename="stock_band", db=SHARED):
    """What pages say of a variant's stock. A projection: the relay writes it."""

    variant_id = UUID(primary_key=True, default=None)
    band = Varchar(length=10)
    back_on = Date(null=True, default=None)
    version = BigInt(default=0)
    updated_at = Timestamptz()

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS, SHARED


class Promotion(Table, tablename="promotion", db=SHARED):
    """Something off, under conditions. `terms` is rules.Terms: the conditions and what is taken off."""

    id = UUID(primary_key=True, default=None)
    title = Varchar(length=80, help_text="what shoppers read beside the amount")
    state = Varchar(length=10, default="draft", help_text="draft | active | ended")
    trigger = Varchar(length=10, help_text="automatic | code | codes: many that work once each")
    starts_at = Timestamptz(null=True, default=None)
    ends_at = Timestamptz(null=True, default=None)
    priority = Integer(default=10, help_text="smaller comes first")
    combines = Boolean(default=True, help_text="with others; else it goes alone")
    currency = Varchar(length=3)
    terms = JSONB()
    most_uses = Integer(null=True, default=None, help_text="in all; null is no limit")
    most_each = Integer(null=True, default=None, help_text="by one e-mail address")
    version = Integer(default=1)
    changed_by = Varchar(length=254, default="")
    created_at = Timestamptz()
    updated_at = Timestamptz()


class PromotionCode(Table, tablename="promotion_code", db=SHARED):
    """What shoppers type, tidied (rules.tidy_code). `batch`: of the form that generated it."""

    code = Varchar(length=40, primary_key=True)
    promotion_id = UUID(default=None)
    batch = UUID(null=True, default=None)
    at = Timestamptz()


class PromotionTally(Table, tablename="promotion_tally", db=SHARED):
    """What a promotion took off in all, of orders that were placed: the list of staff reads this and no order."""

    promotion_id = UUID(primary_key=True, default=None)
    orders = BigInt()
    given = BigInt(help_text="minor units, delivery included")


class OrderDiscount(Table, tablename="order_discount", db=SHARDS):
    """What a promotion took off an order: of its goods, prorated over its lines, and of its delivery."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None)
    promotion_id = UUID(default=None, index=True)
    title = Varchar(length=80)
    code = Varchar(length=40, default="")
    amount = BigInt()
    shipping = BigInt(default=0)

    once_per_order = Unique([order_id, promotion_id])


class OrderUse(Table, tablename="order_use", db=SHARDS):
    """A use that an order reserves, pins and claims like its goods: of a promotion, of an address's share, of a code, of a drop."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None)
    limit_id = UUID(default=None, help_text="its counter's id, on the counter's shard")
    reservation_id = UUID(default=None)
    title = Varchar(length=80)
    one_each = Boolean(default=False, help_text="of a drop: it comes back when the placed order is cancelled")

    once_per_order = Unique([order_id, limit_id])

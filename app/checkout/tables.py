from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.db.engines import SHARDS, SHARED


class Checkout(Table, tablename="checkout", db=SHARDS):
    """What a shopper has typed on the way to paying; one per cart."""

    id = UUID(primary_key=True, default=None)
    shopper_id = UUID(default=None, index=True)
    cart_id = UUID(default=None, unique=True)
    email = Varchar(length=254, default="")
    name = Varchar(length=120, default="")
    address = JSONB(default="{}")
    shipping_code = Varchar(length=40, default="")
    note = Text(default="")
    updated_at = Timestamptz()


class ShippingMethod(Table, tablename="shipping_method", db=SHARED):
    """A way to deliver, its promise and its price."""

    id = UUID(primary_key=True, default=None)
    code = Varchar(length=40, unique=True)
    title = Varchar(length=80)
    promise = Varchar(length=160)
    price = BigInt(help_text="minor units, tax included")
    free_from = BigInt(null=True, default=None, help_text="minor units of goods from which it is free")
    bulky_extra = BigInt(
        null=True, default=None, help_text="minor units more an order with something bulky in it; null: it carries none"
    )
    currency = Varchar(length=3, default="GBP")
    position = Integer(default=0)
    published = Boolean(default=True)
    min_days = Integer(null=True, default=None, help_text="business days on the way, at least")
    max_days = Integer(null=True, default=None, help_text="and at most; both or neither")
    countries = Array(
        base_column=Varchar(length=2),
        null=True,
        default=None,
        help_text="ISO 3166 codes of where it goes; null: everywhere",
    )

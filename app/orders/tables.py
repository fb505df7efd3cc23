from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS, SHARED
from app.orders.paper_tables import CreditNote, Invoice, InvoiceCounter

__all__ = [
    "CreditNote", "Invoice", "InvoiceCounter", "Order", "OrderEvent", "OrderIndex", "OrderKnown", "OrderLine", "OrderLink",
    "OrderReader", "OrderReturn", "RefundLine", "ReturnLine", "Shipment", "ShipmentLine",
]  # fmt: skip


class Order(Table, tablename="orders", db=SHARDS):
    """A promise. Its id is the checkout id, so placing twice is the same order. Money in minor units."""

    id = UUID(primary_key=True, default=None)
    number = Varchar(length=8, unique=True)
    shopper_id = UUID(default=None, index=True)
    cart_id = UUID(default=None)
    cart_version = Integer()
    email = Varchar(length=254)
    name = Varchar(length=120)
    address = JSONB(default="{}")
    shipping_code = Varchar(length=40)
    shipping_title = Varchar(length=80)
    note = Text(default="")
    subtotal = BigInt()
    shipping = BigInt()
    discount = BigInt(default=0)
    tax = BigInt(help_text="the part of the total that is tax")
    tax_rate = Integer(default=2000, help_text="basis points")
    total = BigInt()
    currency = Varchar(length=3)
    quote_hash = Varchar(length=64, help_text="of all that was promised: sums, recipient, note")
    status = Varchar(length=20, help_text="placing | awaiting_payment | placed | closed | rejected | cancelled")
    payment_status = Varchar(length=20, help_text="derived")
    fulfilment_status = Varchar(length=20, help_text="derived")
    reason = Varchar(length=40, default="", help_text="why it was rejected or cancelled")
    version = Integer(default=1, help_text="counts transitions; projections use it")
    tries = Integer(default=0, help_text="of the sweeper, since it last moved")
    next_try = Timestamptz(help_text="when the sweeper may take it on again")
    created_at = Timestamptz()
    placed_at = Timestamptz(null=True, default=None)
    arrives_first = Date(null=True, default=None, help_text="as it was said at placing, to arrives_last")
    arrives_last = Date(null=True, default=None)
    client = Text(default="", help_text="a fingerprint of its network: declined payments count against that")
    replaces = Array(base_column=UUID(default=None), help_text="unpaid orders, which end before it is paid")
    pays_first = Boolean(
        default=False, help_text="its money is taken once it is placed: it can't leave while that stays set aside"
    )


class OrderLine(Table, tablename="order_line", db=SHARDS):
    """What was promised, at the price it was promised. Copied, so later edits change nothing."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    variant_id = UUID(default=None)
    reservation_id = UUID(default=None)
    sku = Varchar(length=80)
    title = Varchar(length=160)
    variant_title = Varchar(length=160)
    personal_text = Varchar(length=240, default="", help_text="the shopper's own, to be made as it stands here")
    personal_label = Varchar(length=80, default="", help_text="what that is, as its product called it")
    promise = Varchar(length=160, default="", help_text="how it is sold, in words, where that is not from the shelf")
    url = Varchar(length=300)
    picture_hash = Varchar(length=64, null=True, default=None)
    unit_price = BigInt()
    quantity = Integer()
    line_discount = BigInt(default=0)
    line_tax = BigInt()
    line_total = BigInt()
    shipped = Integer(default=0, help_text="units that were sent")
    cancelled = Integer(default=0, help_text="units that were never sent and never will be")
    refunded = Integer(default=0, help_text="units whose money goes back or was never taken, cancelled ones included")
    uncharged = Integer(default=0, help_text="of the cancelled ones those given up before the money was taken")


class Shipment(Table, tablename="shipment", db=SHARDS):
    """A parcel that was sent. `key` makes sending one twice send it once."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    key = UUID(default=None, unique=True)
    carrier = Varchar(length=60, default="")
    tracking = Varchar(length=120, default="")
    at = Timestamptz()
    return_id = UUID(null=True, default=None, unique=True, help_text="of what it replaces")


class ShipmentLine(Table, tablename="shipment_line", db=SHARDS):
    """How many units of an order's line are in a parcel."""

    id = UUID(primary_key=True, default=None)
    shipment_id = UUID(default=None)
    order_line_id = UUID(default=None, index=True)
    quantity = Integer()

    once_per_parcel = Unique([shipment_id, order_line_id])


class OrderReturn(Table, tablename="order_return", db=SHARDS):
    """Something a shopper sends back. `key` makes asking twice ask once."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    key = UUID(default=None, unique=True)
    status = Varchar(length=10, help_text="requested | approved | rejected | received | refunded | exchanged")
    reason = Varchar(length=500)
    faulty = Boolean(default=False, help_text="it arrived so; what was made for one shopper comes back only then")
    at = Timestamptz()


class ReturnLine(Table, tablename="return_line", db=SHARDS):
    """How many units of an order's line are in a return."""

    id = UUID(primary_key=True, default=None)
    return_id = UUID(default=None)
    order_line_id = UUID(default=None, index=True)
    quantity = Integer()

    once_per_return = Unique([return_id, order_line_id])


class RefundLine(Table, tablename="refund_line", db=SHARDS):
    """How many units of an order's line a refund was for, and what of it they cost."""

    id = UUID(primary_key=True, default=None)
    refund_id = UUID(default=None)
    order_line_id = UUID(default=None, index=True)
    quantity = Integer()
    amount = BigInt()

    once_per_refund = Unique([refund_id, order_line_id])


class OrderLink(Table, tablename="order_link", db=SHARDS):
    """A link that a mail carries. Only its SHA-256 is stored."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    token_hash = Bytea(unique=True)
    tries = Integer(default=0, help_text="how often somebody typed an address for it")
    expires_at = Timestamptz()
    opened_at = Timestamptz(null=True, default=None, help_text="when it was exchanged first")


class OrderReader(Table, tablename="order_reader", db=SHARDS):
    """A shopper, of any bucket, who may read an order that is not theirs."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None)
    shopper_id = UUID(default=None)
    at = Timestamptz()

    once_per_order = Unique([order_id, shopper_id])


class OrderKnown(Table, tablename="order_known", db=SHARDS):
    """An order, of any bucket, that a shopper finds among their own; `order_reader` beside the order allows it."""

    id = UUID(primary_key=True, default=None)
    shopper_id = UUID(default=None)
    order_id = UUID(default=None)
    placed_at = Timestamptz()

    once_per_shopper = Unique([shopper_id, order_id])


class OrderEvent(Table, tablename="order_event", db=SHARDS):
    """One transition of one order, in words."""

    id = UUID(primary_key=True, default=None)
    order_id = UUID(default=None, index=True)
    kind = Varchar(length=40)
    note = Text(default="")
    at = Timestamptz()


class OrderIndex(Table, tablename="order_index", db=SHARED):
    """What the admin's order list searches. A projection: the relay writes it."""

    order_id = UUID(primary_key=True, default=None)
    number = Varchar(length=8, unique=True)
    email = Varchar(length=254)
    name = Varchar(length=120)
    total = BigInt()
    currency = Varchar(length=3)
    status = Varchar(length=20)
    payment_status = Varchar(length=20)
    fulfilment_status = Varchar(length=20)
    placed_at = Timestamptz()
    version = Integer(default=0)
    counted = Boolean(
        null=True, default=False, help_text="in the tallies of its promotions; null: from before there were any"
    )

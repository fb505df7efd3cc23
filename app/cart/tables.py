from __future__ import annotations

from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS


class Cart(Table, tablename="cart", db=SHARDS):
    """What a shopper means to buy. At most one is active per shopper."""

    id = UUID(primary_key=True, default=None)
    shopper_id = UUID(default=None, index=True)
    status = Varchar(length=12, default="active", help_text="active | completed | merged")
    version = Integer(default=1, help_text="counts changes; an order names the one it was placed from")
    code = Varchar(
        length=40, default="", help_text="of a promotion; whether it takes something off is seen when looked at"
    )
    code_tries = Integer(default=0, help_text="codes that were typed since `code_tried_at`")
    code_tried_at = Timestamptz(help_text="when the window of tries began")
    order_id = UUID(
        null=True, default=None, help_text="it became last, if that uses up a promotion; what it holds is the cart's"
    )
    heir_id = UUID(null=True, default=None, help_text="of a merged one: the shopper whose cart it went into")
    created_at = Timestamptz()
    updated_at = Timestamptz()


class CartLine(Table, tablename="cart_line", db=SHARDS):
    """One variant in a cart, with one text. Carts show today's price; `seen_price` only tells that it changed."""

    id = UUID(primary_key=True, default=None)
    cart_id = UUID(default=None)
    shopper_id = UUID(default=None, index=True)
    variant_id = UUID(default=None)
    personal_text = Varchar(length=240, default="", help_text="the shopper's own; another one is another line")
    quantity = Integer(help_text="units, 1..99")
    seen_price = BigInt(help_text="minor units, when it was last put in or changed")
    added_at = Timestamptz()

    once = Unique([cart_id, variant_id, personal_text])

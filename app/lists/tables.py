from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Integer, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS


class ListItem(Table, tablename="list_item", db=SHARDS):
    """Something that a shopper keeps outside of the cart. Pages show today's price."""

    id = UUID(primary_key=True, default=None)
    shopper_id = UUID(default=None)
    kind = Varchar(
        length=10, help_text="later: under the cart | removed: to be had back for a while | saved: on their list"
    )
    variant_id = UUID(default=None)
    personal_text = Varchar(length=240, default="", help_text="the shopper's own; another one is another thing")
    chosen = Boolean(default=True, help_text="false: the product was meant, and this is its first variant")
    quantity = Integer(default=1, help_text="units, 1..99")
    seen_price = BigInt(help_text="minor units of one, when it was put here")
    added_at = Timestamptz()
    list_id = UUID(null=True, default=None, help_text="the list with a name that it is on; null: the shopper's own")

    once = Unique([shopper_id, kind, variant_id, personal_text, list_id])


class Wishlist(Table, tablename="wishlist", db=SHARDS):
    """A list with a name, of somebody with an account."""

    id = UUID(primary_key=True, default=None)
    shopper_id = UUID(default=None)
    name = Varchar(length=60)
    share = Varchar(
        length=45, null=True, default=None, unique=True, help_text="in the link that shows it to anybody; null: nobody"
    )
    created_at = Timestamptz()

    one_name = Unique([shopper_id, name])

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
    chosen = Boolean(default=True, help_text="false: the product was meant, and this is its first variant")
    quantity = Integer(default=1, help_text="units, 1..99")
    seen_price = BigInt(help_text="minor units of one, when it was put here")
    added_at = Timestamptz()

    once = Unique([shopper_id, kind, variant_id])

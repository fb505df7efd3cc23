from __future__ import annotations

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.db.engines import SHARED


class Review(Table, tablename="review", db=SHARED):
    """What a shopper said of a product. Triggers keep the product's rating."""

    id = UUID(primary_key=True, default=None)
    product_id = UUID(default=None, index=True)
    author = Varchar(length=80)
    rating = Integer(help_text="1..5")
    title = Varchar(length=160)
    body = Text()
    state = Varchar(length=10, default="pending", help_text="pending | approved | rejected")
    created_at = Timestamptz()

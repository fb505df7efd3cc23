from __future__ import annotations

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from app.db.engines import SHARDS, SHARED


class Review(Table, tablename="review", db=SHARED):
    """What a shopper said of a product, once each. Triggers keep the product's rating."""

    id = UUID(primary_key=True, default=None)
    product_id = UUID(default=None, index=True)
    author = Varchar(length=80)
    rating = Integer(help_text="1..5")
    title = Varchar(length=160)
    body = Text()
    state = Varchar(length=10, default="pending", help_text="pending | approved | rejected")
    created_at = Timestamptz()
    shopper_id = UUID(null=True, default=None, help_text="on the shopper's shard, so not a foreign key")
    verified = Boolean(default=False, help_text="they had bought it when they wrote")
    helpful = Integer(default=0)
    unhelpful = Integer(default=0)
    reply = Text(default="", help_text="the shop's public answer")
    reason = Varchar(length=200, default="", help_text="why it was rejected; for staff")
    moderated_by = Varchar(length=120, default="")
    moderated_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class ReviewVote(Table, tablename="review_vote", db=SHARED):
    """A shopper's vote as their shard told it, by its id there: told twice it is one."""

    id = UUID(primary_key=True, default=None)
    review_id = UUID(default=None, index=True)
    helpful = Boolean()
    counted = Boolean(default=False)


class ShopperVote(Table, tablename="review_vote", db=SHARDS):
    """What a shopper found helpful, once for each review; its id names it in the shared database."""

    id = UUID(primary_key=True, default=None)
    shopper_id = UUID(default=None)
    review_id = UUID(default=None)
    helpful = Boolean()
    at = Timestamptz()

    once = Unique([shopper_id, review_id])

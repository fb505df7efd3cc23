"""The outbox, in the shared database and in every shard."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.db.engines import SHARDS, SHARED


class SharedOutbox(Table, tablename="outbox", db=SHARED):
    """What changed in the shared database; triggers write it, so that psql and COPY are covered too."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=60)
    body = JSONB()
    available_at = Timestamptz()
    attempts = Integer(default=0)
    dispatched_at = Timestamptz(null=True, default=None, help_text="when a worker was last given the hint")
    done_at = Timestamptz(null=True, default=None, help_text="set by the handler, in the transaction of its effect")
    created_at = Timestamptz()
    error = Text(null=True, default=None, help_text="why the last attempt failed")


class Outbox(Table, tablename="outbox", db=SHARDS):
    """What happened to a shopper or to stock, and still has consequences."""

    id = UUID(primary_key=True, default=None, help_text="carries the bucket")
    kind = Varchar(length=60)
    body = JSONB()
    available_at = Timestamptz()
    attempts = Integer(default=0)
    dispatched_at = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
    error = Text(null=True, default=None)
    unfinished = Integer(default=0, help_text="runs begun and never ended: each may have taken its process with it")


class Inbox(Table, tablename="inbox", db=SHARDS):
    """Messages from outside that were acted on: a second delivery finds its id here."""

    message_id = Varchar(length=200, primary_key=True)
    bucket = Integer()
    received_at = Timestamptz()

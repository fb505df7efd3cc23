"""The outbox, in the shared database and in every shard; what the edge was told; builds and their files."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
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


class Edit(Table, tablename="edit", db=SHARED):
    """Who of the staff changed what."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz()
    by = Varchar(length=254)
    what = Varchar(
        length=20,
        help_text="collection | block | product_type | redirect | account | promotion | product | synonym | review | order | stock | edge",
    )
    which = UUID(default=None)
    did = Varchar(length=10, help_text="created | changed | deleted")
    title = Varchar(length=300)
    changes = JSONB(help_text="[field, before, after]")


class Build(Table, tablename="build", db=SHARED):
    """A build of the shop that has web instances."""

    fingerprint = Varchar(length=64, primary_key=True)
    seen_at = Timestamptz(help_text="when one of its instances last said that it is alive")


class Asset(Table, tablename="asset", db=SHARED):
    """A static file of a build that is running or was: pages that outlive it still name its address."""

    url = Varchar(length=200, primary_key=True)
    content_type = Varchar(length=60)
    body = Bytea()
    packed = Bytea(null=True, default=None, help_text="in brotli, where that is smaller")
    seen_at = Timestamptz()


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


class EdgeNode(Table, tablename="edge_node", db=SHARED):
    """One edge node as the relay knows it."""

    url = Varchar(length=200, primary_key=True, help_text="its purge listener")
    name = Varchar(length=100, help_text="what it calls itself (server.identity); health checks come under this name")
    boot = Varchar(length=40, help_text="when its cache began to fill, by its own clock; another boot is another cache")
    state = Varchar(length=10, help_text="live | fenced")
    behind_since = Timestamptz(null=True, default=None, help_text="since when it owes purges")
    seen_at = Timestamptz(null=True, default=None)
    canary_ms = Integer(
        null=True, default=None, help_text="from a commit to a fresh copy here; null when it took too long"
    )
    canary_at = Timestamptz(null=True, default=None)


class EdgePurge(Table, tablename="edge_purge", db=SHARED):
    """Tags that went out together, to every target."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10, help_text="change | echo | hand | wave")
    tags = JSONB()
    causes = JSONB(help_text="what had changed: [{table, rows, first}]")
    committed_at = Timestamptz(null=True, default=None, help_text="of the oldest change: when its transaction began")
    gate_ms = Integer(help_text="how long it waited for replicas")
    sent_at = Timestamptz()
    cleared_at = Timestamptz(null=True, default=None, help_text="when the last target confirmed")


class EdgeDelivery(Table, tablename="edge_delivery", db=SHARED):
    """One purge for one target; open until the target confirmed."""

    id = UUID(primary_key=True, default=None)
    purge_id = UUID()
    target = Varchar(length=200, help_text="a node's URL, or cdn")
    due_at = Timestamptz()
    acked_at = Timestamptz(null=True, default=None)
    purged = Integer(null=True, default=None, help_text="kept objects that went out of date")
    attempts = Integer()
    error = Text(null=True, default=None, help_text="why it is open, or a note on how it was settled")

    one_per_target = Unique([purge_id, target])


class EdgeCanary(Table, tablename="edge_canary", db=SHARED):
    """One row that is changed to measure how long a purge takes."""

    id = Integer(primary_key=True, default=1)
    version = BigInt()

"""From a bucket to its shard: 2^k shards cut the 1,024 buckets into equal ranges, in id order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

import msgspec

from app.settings import BadSetting
from app.values import BUCKETS, bucket_of

MARKED = 8  # shards on one server up to which each has prepared statements of its own; more cost too much memory


class Shard(msgspec.Struct, frozen=True, kw_only=True):
    """A PostgreSQL schema that holds the buckets `first` .. `first + size - 1`."""

    dsn: str
    schema: str
    first: int
    size: int

    @property
    def buckets(self) -> range:
        return range(self.first, self.first + self.size)


def read_shards(text: str) -> tuple[Shard, ...]:
    """Shards from the setting: `DSN#schema` items separated by spaces. Raises BadSetting unless there are 2^k good ones."""
    items = [item.rpartition("#") for item in text.split()]
    if not items or len(items) & (len(items) - 1) or len(items) > BUCKETS:
        raise BadSetting(f"VITRINE_SHARDS needs 1, 2, 4, 8 ... items, not {len(items)}")
    if any(not dsn or not schema.isidentifier() for dsn, _, schema in items):
        raise BadSetting("VITRINE_SHARDS items look like postgresql://host/database#s00")
    size = BUCKETS // len(items)
    return tuple(Shard(dsn=dsn, schema=schema, first=at * size, size=size) for at, (dsn, _, schema) in enumerate(items))


def shard_of(bucket: int, shards: tuple[Shard, ...]) -> Shard:
    """The shard that holds `bucket` (0..1023)."""
    return shards[bucket * len(shards) // BUCKETS]


def by_shard(ids: Iterable[UUID], shards: tuple[Shard, ...]) -> dict[int, list[UUID]]:
    """Ids by the shard that holds them, each shard under its first bucket; in the order given."""
    grouped: dict[int, list[UUID]] = {}
    for id in ids:
        grouped.setdefault(shard_of(bucket_of(id), shards).first, []).append(id)
    return grouped


def marks_of(shards: tuple[Shard, ...]) -> dict[str, str]:
    """By schema: what `Database` puts behind its statements; none where more than MARKED shards share a server."""
    here = Counter(shard.dsn for shard in shards)
    return {shard.schema: f" -- {shard.schema}" for shard in shards if here[shard.dsn] <= MARKED}

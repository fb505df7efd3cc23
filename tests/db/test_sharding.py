from __future__ import annotations

import pytest

from app.db.sharding import MARKED, marks_of, read_shards, shard_of
from app.settings import BadSetting
from app.values import BUCKETS


@pytest.mark.parametrize("many", [1, 2, 4, 64, 1024])
def test_shards_cut_the_buckets_into_equal_ranges_in_id_order(many):
    shards = read_shards(" ".join(f"postgresql://h/db#s{at}" for at in range(many)))

    assert [shard.first for shard in shards] == [at * BUCKETS // many for at in range(many)]
    assert [bucket for shard in shards for bucket in shard.buckets] == list(range(BUCKETS))


def test_twice_as_many_shards_split_each_range_in_two():
    few = read_shards(" ".join(f"postgresql://h/db#s{at}" for at in range(4)))
    many = read_shards(" ".join(f"postgresql://h/db#s{at}" for at in range(8)))

    for bucket in range(BUCKETS):
        assert many.index(shard_of(bucket, many)) // 2 == few.index(shard_of(bucket, few))


@pytest.mark.parametrize(
    "text", ["", "   ", "a#s0 a#s1 a#s2", "postgresql://h/db", "#s00", "a#", "a#s-0", "a#s0;drop", "a#1"]
)
def test_shards_that_cannot_be_are_refused(text):
    with pytest.raises(BadSetting, match="VITRINE_SHARDS"):
        read_shards(text)


def test_a_dsn_may_hold_the_mark_itself():
    [shard] = read_shards("postgresql://h/db?x=#y#s00")

    assert (shard.dsn, shard.schema) == ("postgresql://h/db?x=#y", "s00")


def test_statements_are_marked_by_shard_where_few_share_a_server():
    few = " ".join(f"postgresql://few/db#f{at}" for at in range(MARKED))
    many = " ".join(f"postgresql://many/db#m{at}" for at in range(3 * MARKED))

    marks = marks_of(read_shards(f"{few} {many}"))

    assert marks == {f"f{at}": f" -- f{at}" for at in range(MARKED)}

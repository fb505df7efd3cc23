from __future__ import annotations

import time
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.sharding import Shard, shard_of
from app.values import (
    BUCKETS,
    CROCKFORD,
    any_bucket,
    bucket_mark,
    bucket_of,
    name_bucket,
    new_id,
    now,
    read_bucket_mark,
)

buckets = st.integers(0, BUCKETS - 1)


@given(buckets)
def test_an_id_is_a_uuid_of_version_8_that_carries_its_bucket(bucket):
    id = new_id(bucket)

    assert (id.version, id.variant, bucket_of(id)) == (8, RFC_4122, bucket)


@given(buckets)
def test_an_id_carries_the_milliseconds_of_its_making(bucket):
    before = time.time_ns() // 1_000_000
    id = new_id(bucket)
    after = time.time_ns() // 1_000_000

    high = id.int >> 64
    assert before <= (high >> 16 & (1 << 38) - 1) << 10 | (high >> 2 & 0x3FF) <= after


@given(buckets, buckets)
def test_a_bucket_is_one_contiguous_range_of_ids(one, other):
    assert (new_id(one) < new_id(other)) == (one < other) or one == other


def test_ids_of_a_bucket_sort_by_time():
    ids = []
    for _ in range(5):
        ids.append(new_id(7))
        time.sleep(0.002)

    assert ids == sorted(ids)


def test_ten_thousand_ids_of_one_moment_differ():
    assert len({new_id(3) for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("bucket", [-1, BUCKETS, 99999])
def test_a_bucket_outside_the_space_has_no_ids(bucket):
    with pytest.raises(ValueError, match="outside"):
        new_id(bucket)


@given(buckets)
def test_a_bucket_mark_reads_back(bucket):
    mark = bucket_mark(bucket)

    assert len(mark) == 2
    assert read_bucket_mark(mark + "anything") == bucket


@given(st.text(max_size=4))
def test_a_mark_of_other_characters_names_no_bucket(text):
    known = len(text) >= 2 and text[0] in CROCKFORD and text[1] in CROCKFORD

    assert (read_bucket_mark(text) is not None) == known


def test_a_name_has_one_bucket_however_it_is_typed():
    assert name_bucket(" Ada@Example.com ") == name_bucket("ada@example.com")
    assert 0 <= name_bucket("x") < BUCKETS
    assert len({name_bucket(str(n)) for n in range(5000)}) > 900


@given(buckets, st.integers(0, 10))
def test_a_shard_is_the_top_bits_of_the_bucket(bucket, k):
    shards = tuple(
        Shard(dsn="x", schema=f"s{at:02}", first=at * BUCKETS >> k, size=BUCKETS >> k) for at in range(1 << k)
    )

    assert shard_of(bucket, shards) is shards[bucket >> 10 - k]
    assert bucket in shard_of(bucket, shards).buckets


def test_buckets_of_newcomers_spread_over_the_space():
    assert len({any_bucket() >> 8 for _ in range(200)}) == 4


def test_the_displayed_clock_can_be_frozen(monkeypatch):
    monkeypatch.setenv("VITRINE_CLOCK", "2026-11-03T14:05:00+01:00")

    assert now().isoformat() == "2026-11-03T13:05:00+00:00"


def test_the_nil_uuid_lies_in_bucket_zero():
    assert bucket_of(UUID(int=0)) == 0

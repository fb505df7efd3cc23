from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.inventory import rules
from app.values import BUCKETS, bucket_of, new_id

buckets = st.integers(0, BUCKETS - 1)


@given(buckets, buckets)
def test_a_reservation_has_the_same_id_every_time_in_the_bucket_of_its_variant(order_bucket, variant_bucket):
    order_id, variant_id = new_id(order_bucket), new_id(variant_bucket)

    id = rules.reservation_id(order_id, variant_id)

    assert id == rules.reservation_id(order_id, variant_id)
    assert bucket_of(id) == variant_bucket
    assert (id.version, id.variant) == (8, "specified in RFC 4122")


@given(buckets)
def test_a_reservation_sorts_by_its_orders_time(bucket):
    order_id, variant_id = new_id(bucket), new_id(bucket)

    id = rules.reservation_id(order_id, variant_id)

    assert _milliseconds(id) == _milliseconds(order_id)


def test_reservations_of_one_order_or_one_variant_have_ids_of_their_own():
    orders, variants = [new_id(1) for _ in range(50)], [new_id(2) for _ in range(50)]

    ids = {rules.reservation_id(order, variant) for order in orders for variant in variants}

    assert len(ids) == 2500


@given(st.lists(st.tuples(st.integers(0, 5).map(lambda n: UUID(int=n)), st.integers(1, 99))))
def test_merging_keeps_every_unit_and_sorts_by_variant(lines):
    merged = rules.merged(lines)

    assert sum(units for _, units in merged) == sum(units for _, units in lines)
    assert [variant for variant, _ in merged] == sorted({variant for variant, _ in lines})


def test_reservations_are_grouped_by_variant_in_the_order_of_their_ids():
    low, high = UUID(int=1), UUID(int=2)
    a, b, c = UUID(int=11), UUID(int=12), UUID(int=13)

    assert rules.by_variant([(high, a), (low, b), (high, c)]) == [(low, [b]), (high, [a, c])]


def _milliseconds(id: UUID) -> int:
    high = id.int >> 64
    return (high >> 16 & (1 << 38) - 1) << 10 | high >> 2 & 0x3FF

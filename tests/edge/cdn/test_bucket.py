from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.edge.cdn.bucket import Bucket


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_full_at_first_then_one_at_a_time() -> None:
    clock = Clock()
    bucket = Bucket(refill=2, burst=3, clock=clock)

    for _ in range(3):
        assert bucket.wait(1) == 0
        bucket.take(1)

    assert bucket.wait(1) == 0.5
    clock.now += 0.5
    assert bucket.wait(1) == 0


def test_never_holds_more_than_its_burst() -> None:
    clock = Clock()
    bucket = Bucket(refill=2, burst=3, clock=clock)
    clock.now += 1000

    assert (bucket.wait(3), bucket.wait(4)) == (0, 0.5)


def test_pause_gives_nothing_until_it_ends_and_what_was_spent_comes_one_by_one() -> None:
    clock = Clock()
    bucket = Bucket(refill=1, burst=10, clock=clock)

    bucket.pause(5)
    bucket.spend()
    assert bucket.wait(1) == 5
    clock.now += 5
    assert bucket.wait(1) == 0
    assert bucket.wait(3) == 2


def test_pause_alone_takes_nothing_away() -> None:
    clock = Clock()
    bucket = Bucket(refill=1, burst=10, clock=clock)

    bucket.pause(5)
    clock.now += 5

    assert bucket.wait(10) == 0


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 3))))
def test_what_is_taken_in_any_span_stays_within_burst_and_refill(moves: list[tuple[float, int]]) -> None:
    clock = Clock()
    bucket = Bucket(refill=2, burst=4, clock=clock)
    taken: list[tuple[float, int]] = []

    for later, cost in moves:
        clock.now += later
        if bucket.wait(cost) == 0:
            bucket.take(cost)
            taken.append((clock.now, cost))

    for n, (start, _) in enumerate(taken):
        for end, _ in taken[n:]:
            assert sum(cost for at, cost in taken if start <= at <= end) <= 4 + 2 * (end - start) + 1e-6

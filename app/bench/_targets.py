"""What `bench orders` must reach on any machine: each target is a ratio of one run, or a wait that a shopper feels."""

from __future__ import annotations

from collections.abc import Mapping

LEAST_RATIO = 20.0  # reservations of one variant in batches against one by one
LONGEST_WAIT = 1000.0  # ms: the 99th percentile of placing at half of the highest rate
MORE_WITHOUT_REDIS = 250.0  # ms that it may be longer while Redis does not answer

Waits = Mapping[str, Mapping[str, float]]


def missed(ratio: float, waits: Waits) -> list[str]:
    """What was not reached, as sentences. `waits`: of placing with Redis and without, as `orders.Found` has them."""
    wrong = []
    if ratio < LEAST_RATIO:
        wrong.append(
            f"Batches reserve {ratio:.1f} times as fast as one by one; the target is at least {LEAST_RATIO:g}."
        )
    if (p99 := waits["with Redis"]["p99"]) >= LONGEST_WAIT:
        wrong.append(f"99 of 100 orders are placed within {p99:.0f} ms; the target is under {LONGEST_WAIT:g} ms.")
    if (more := waits["Redis hangs"]["p99"] - p99) > MORE_WITHOUT_REDIS:
        wrong.append(f"Without Redis they take {more:.0f} ms more; the target is at most {MORE_WITHOUT_REDIS:g} ms.")
    for name, told in waits.items():
        if told["errors"]:
            wrong.append(f"{told['errors']:.0f} orders were not placed ({name}); the target is none.")
    return wrong

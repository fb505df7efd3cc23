from __future__ import annotations

import pytest

from app.payments.gateway import Booked
from app.payments.queries import Attempt
from app.payments.reconcile import compare
from app.values import new_id


def ours(**about: object) -> Attempt:
    told = {"status": "authorised", "amount": 1790, "currency": "GBP", "provider": "test", "number": 1} | about
    return Attempt(id=new_id(1), order_id=new_id(1), **told)  # type: ignore[arg-type]


def theirs(**about: object) -> Booked:
    told = {"state": "authorised", "amount": 1790, "currency": "GBP", "reference": "r"} | about
    return Booked(attempt_id=new_id(1), **told)  # type: ignore[arg-type]


TAKEN = {"status": "captured", "capturing": 1790, "captured": 1790}
THEY_TOOK = {"state": "captured", "captured": 1790}


@pytest.mark.parametrize(
    ("booked", "attempt"),
    [
        ({}, {}),
        (THEY_TOOK, TAKEN),
        (THEY_TOOK | {"refunded": 5}, TAKEN | {"refunded": 5}),
        ({"state": "voided"}, {"status": "voided", "voiding": True}),
        ({"state": "voided"}, {"status": "declined"}),
    ],
)
def test_what_is_the_same_on_both_sides_is_no_difference(booked: dict[str, object], attempt: dict[str, object]) -> None:
    assert compare(theirs(**booked), ours(**attempt), refunding=False) is None


@pytest.mark.parametrize(
    ("booked", "attempt", "repair"),
    [
        ({"amount": 1791}, {}, ""),
        ({"currency": "EUR"}, {}, ""),
        ({}, {"status": "requires_action"}, "look"),
        ({}, {"status": "unknown"}, "look"),
        ({}, {"status": "expired"}, "look"),
        (THEY_TOOK, {"status": "declined"}, "look"),
        ({}, {"status": "unknown", "frozen": "17.90 GBP was asked for, 17.91 GBP was booked."}, "look"),
        ({}, {"capturing": 1790, "frozen": "The capture failed."}, ""),
        ({}, {"status": "declined", "voiding": True}, "void"),
        ({"state": "voided"}, {"voiding": True}, "void"),
        ({"state": "voided"}, {}, "look"),
        (THEY_TOOK, {}, ""),
        (THEY_TOOK, {"capturing": 1790}, "capture"),
        ({}, {"capturing": 1790}, "capture"),
        ({}, TAKEN, ""),
        ({}, {"status": "voided", "voiding": True}, ""),
        (THEY_TOOK | {"captured": 5}, TAKEN, ""),
        (THEY_TOOK | {"refunded": 5}, TAKEN, "outside"),
        (THEY_TOOK | {"disputed": True}, TAKEN, "outside"),
        (THEY_TOOK, TAKEN | {"refunded": 5}, ""),
    ],
)
def test_each_difference_is_repaired_only_where_that_is_safe(
    booked: dict[str, object], attempt: dict[str, object], repair: str
) -> None:
    told = compare(theirs(**booked), ours(**attempt), refunding=False)

    assert told is not None
    assert told[1] == repair


def test_a_refund_under_way_is_looked_up() -> None:
    told = compare(theirs(**THEY_TOOK, refunded=5), ours(**TAKEN), refunding=True)

    assert told == ("0.05 GBP refunded at the provider, 0.00 GBP here.", "refunds")

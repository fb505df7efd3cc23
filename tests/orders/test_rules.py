from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders import rules
from app.orders.rules import Standing, next_step
from app.values import BUCKETS, CROCKFORD, read_bucket_mark

VARIANT = UUID(int=1)


@pytest.mark.parametrize(
    ("gross", "tax"), [(0, 0), (1, 0), (3, 0), (6, 1), (120, 20), (1400, 233), (-1400, -233), (999, 166)]
)
def test_tax_is_what_is_contained_in_the_price(gross: int, tax: int) -> None:
    assert rules.tax_in(gross, 2000) == tax


@pytest.mark.parametrize(
    ("country", "rate"), [("GB", 2000), ("", 2000), ("DE", 1900), ("IE", 2350), ("FR", 0), ("gb", 0)]
)
def test_the_rate_is_that_of_where_it_goes_and_of_home_while_nobody_knows(country: str, rate: int) -> None:
    assert rules.rate_of(country, "GB=20, DE=19 ,IE=23.5") == rate


@given(st.integers(-(10**9), 10**9), st.integers(0, 10_000))
def test_net_and_tax_make_the_price_and_net_is_rounded_once(gross: int, rate: int) -> None:
    net = gross - rules.tax_in(gross, rate)

    assert abs(net * (10_000 + rate) - gross * 10_000) * 2 <= 10_000 + rate


@given(st.integers(0, 10**7), st.integers(1, 99), st.integers(0, 100))
def test_a_line_reconciles(unit_price: int, quantity: int, percent: int) -> None:
    discount = unit_price * quantity * percent // 100

    line = rules.priced(VARIANT, unit_price, quantity, discount, rate=2000)

    assert line.total == unit_price * quantity - discount >= 0
    assert 0 <= line.tax <= line.total


def test_an_order_number_tells_its_bucket_and_notices_a_wrong_character() -> None:
    for bucket in (0, 1, 511, BUCKETS - 1):
        number = rules.new_number(bucket)
        assert len(number) == 8
        assert read_bucket_mark(number) == bucket
        assert rules.read_number(number.lower()) == number
        for at in range(8):
            others = [number[:at] + char + number[at + 1 :] for char in CROCKFORD if char != number[at]]
            assert [other for other in others if rules.read_number(other)] == []


@pytest.mark.parametrize("text", ["", "ABC", "UUUUUUUU", "0000000?", "0" * 9, "ÄÖÜ" * 3])
def test_what_is_no_order_number_is_none(text: str) -> None:
    assert rules.read_number(text) is None


def test_letters_people_confuse_are_read_as_digits() -> None:
    number = next(n for n in iter(lambda: rules.new_number(32), "") if "0" in n[2:] and "1" in n)

    assert rules.read_number(number.replace("0", "o").replace("1", "l")) == number


@pytest.mark.parametrize(
    ("status", "attempt", "payment", "fulfilment"),
    [
        ("placing", None, "none", "unfulfilled"),
        ("awaiting_payment", "created", "pending", "unfulfilled"),
        ("awaiting_payment", "requires_action", "pending", "unfulfilled"),
        ("awaiting_payment", "declined", "failed", "unfulfilled"),
        ("placed", "authorised", "authorised", "unfulfilled"),
        ("closed", "captured", "captured", "fulfilled"),
        ("rejected", None, "none", "cancelled"),
        ("cancelled", "expired", "failed", "cancelled"),
        ("cancelled", "voided", "voided", "cancelled"),
    ],
)
def test_two_statuses_follow_from_two_others(status: str, attempt: str | None, payment: str, fulfilment: str) -> None:
    assert rules.derived(status, attempt) == (payment, fulfilment)


@pytest.mark.parametrize(
    ("refunded", "payment"), [(0, "captured"), (1, "partially_refunded"), (99, "partially_refunded"), (100, "refunded")]
)
def test_what_went_back_of_what_was_taken_is_told(refunded: int, payment: str) -> None:
    assert rules.derived("placed", "captured", captured=100, refunded=refunded).payment == payment


@pytest.mark.parametrize(
    ("order", "step"),
    [
        (Standing(status="placing"), "reserve"),
        (Standing(status="placing", age=600), "reserve"),
        (Standing(status="placing", age=601), "expire"),
        (Standing(status="awaiting_payment", attempt="created"), "pay"),
        (Standing(status="awaiting_payment", attempt="sending"), None),
        (Standing(status="awaiting_payment", attempt="sending", unanswered=True), "ask_again"),
        (Standing(status="awaiting_payment", attempt="sending", unanswered=True, age=9999), "ask_again"),
        (Standing(status="awaiting_payment", attempt="sending", unanswered=True, over=True), "end"),
        (Standing(status="awaiting_payment", attempt="unknown", unanswered=True, over=True, frozen=True), None),
        (Standing(status="awaiting_payment", attempt="unknown", unanswered=True, age=10), "ask_again"),
        (Standing(status="awaiting_payment", attempt="unknown", unanswered=True, over=True), "end"),
        (Standing(status="awaiting_payment", attempt="unknown", unanswered=True, over=True), "end"),
        (Standing(status="awaiting_payment", attempt="requires_action", age=9999), None),
        (Standing(status="awaiting_payment", attempt="requires_action", over=True), "end"),
        (Standing(status="awaiting_payment", attempt="declined", idle=599), None),
        (Standing(status="awaiting_payment", attempt="declined", idle=601), "cancel"),
        (Standing(status="placed", attempt="authorised", idle=9999), None),
        (Standing(status="rejected", idle=9999), None),
    ],
)
def test_the_next_step_follows_from_where_an_order_stands(order: Standing, step: str | None) -> None:
    assert next_step(order, unpaid_for=600) == step


def test_no_status_leads_back() -> None:
    def after(status: str) -> set[str]:
        return {later for next in rules.NEXT.get(status, ()) for later in {next} | after(next)}

    assert all(status not in after(status) for status in rules.NEXT)


def test_the_fingerprint_of_a_quote_changes_with_anything_charged() -> None:
    base = ([(VARIANT, "", 1, 100)], "standard", (390, 0, 82, 490))

    others = [
        ([(VARIANT, "", 2, 100)], "standard", (390, 0, 82, 490)),
        ([(VARIANT, "", 1, 101)], "standard", (390, 0, 82, 490)),
        ([(VARIANT, "ABC", 1, 100)], "standard", (390, 0, 82, 490)),
        ([(UUID(int=2), "", 1, 100)], "standard", (390, 0, 82, 490)),
        ([(VARIANT, "", 1, 100)], "express", (390, 0, 82, 490)),
        ([(VARIANT, "", 1, 100)], "standard", (390, 0, 82, 491)),
    ]

    assert len({rules.quote_hash(*each) for each in [base, *others]}) == 7

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payments import minor
from app.payments.stripe import amounts

CURRENCIES = st.sampled_from(
    [
        "GBP",
        "EUR",
        "USD",
        "JPY",
        "KRW",
        "ISK",
        "UGX",
        "MGA",
        "BHD",
        "JOD",
        "KWD",
        "OMR",
        "TND",
        "HUF",
        "TWD",
        "XOF",
        "CLP",
    ]
)


@pytest.mark.parametrize(
    ("amount", "currency", "sent"),
    [
        (1790, "GBP", 1790),
        (500, "JPY", 500),
        (5, "ISK", 500),
        (5, "UGX", 500),
        (500, "MGA", 5),
        (549, "MGA", 5),
        (550, "MGA", 6),
        (5124, "KWD", 5120),
        (5125, "KWD", 5130),
        (5130, "BHD", 5130),
        (1045, "HUF", 1045),
    ],
)
def test_amounts_are_sent_in_stripes_units(amount: int, currency: str, sent: int) -> None:
    assert amounts.sent(amount, currency) == sent
    assert amounts.read(sent, currency, asked=amount) == amount


@pytest.mark.parametrize(("amount", "currency"), [(1, "UYI"), (1, "LYD"), (1, "IQD")])
def test_what_stripe_cannot_be_asked_for_is_an_error_and_not_another_amount(amount: int, currency: str) -> None:
    with pytest.raises(ValueError, match="Stripe takes"):
        amounts.sent(amount, currency)


@given(st.integers(0, 10**9), CURRENCIES)
def test_there_and_back_is_the_same_amount(amount: int, currency: str) -> None:
    whole = amount * 100 if currency == "MGA" else amount

    sent = amounts.sent(whole, currency)

    assert isinstance(sent, int)
    assert amounts.read(sent, currency, asked=whole) == whole


@given(st.integers(10, 10**9), st.integers(10, 10**9), CURRENCIES)
def test_another_amount_is_never_taken_for_the_one_that_was_asked(asked: int, other: int, currency: str) -> None:
    asked, other = asked * 100, other * 100  # exact for every currency

    told = amounts.read(amounts.sent(other, currency), currency, asked=asked)

    assert (told == asked) == (other == asked)
    assert told == other


@given(st.integers(0, 10**9), st.sampled_from(sorted(amounts.TO_TENS)))
def test_three_decimal_amounts_end_in_nought_and_are_at_most_five_off(amount: int, currency: str) -> None:
    sent = amounts.sent(amount, currency)

    assert sent % 10 == 0
    assert abs(sent - amount) <= 5


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=9), CURRENCIES)
def test_all_parts_that_go_back_are_all_that_was_taken(parts: list[int], currency: str) -> None:
    back, before = 0, 0
    for part in parts:
        sent = amounts.given_back(part, currency, before=before)
        assert amounts.read(sent, currency, asked=part, before=before) == part
        back, before = back + sent, before + part

    assert back == amounts.sent(sum(parts), currency)


@given(st.integers(0, 10**9), CURRENCIES)
def test_what_stripe_moved_is_less_than_a_unit_from_ours(amount: int, currency: str) -> None:
    there = amounts.read(amounts.sent(amount, currency), currency, asked=-1)

    assert abs(there - amount) < amounts.unit(currency)


@given(st.integers(-(10**12), 10**12), CURRENCIES)
def test_amounts_are_written_without_losing_a_unit(amount: int, currency: str) -> None:
    number, code = minor.in_words(amount, currency).split(" ")

    assert int(number.replace(".", "")) == amount
    assert code == currency
    assert len(number.partition(".")[2]) == minor.digits(currency)

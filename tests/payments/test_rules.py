from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payments import rules
from app.payments.gateway import Authorised, Closed, Declined, Redirect, Unknown
from app.values import now

AT = 1_800_000_000


def test_answers_become_statuses() -> None:
    answers = {
        "authorised": Authorised(reference="r", amount=100, currency="GBP"),
        "declined": Declined(reason="No."),
        "requires_action": Redirect(url="/x", until=now()),
        "expired": Closed(),
        "unknown": Unknown(),
    }

    assert {status: rules.status_after(answer, 100, "GBP") for status, answer in answers.items()} == {
        s: s for s in answers
    }


def test_another_amount_is_unknown() -> None:
    assert rules.status_after(Authorised(reference="r", amount=99, currency="GBP"), 100, "GBP") == "unknown"


def test_what_is_decided_leads_nowhere_but_to_the_money() -> None:
    assert rules.NEXT["authorised"] == {"captured", "voided"}
    assert not {"declined", "expired", "voided"} & set(rules.NEXT)
    assert "created" not in {later for each in rules.NEXT.values() for later in each}


@pytest.mark.parametrize("number", ["4242 4242 4242 4242", "4000000000000002", "378282246310005"])
def test_a_card_number_with_a_right_check_digit_is_one(number: str) -> None:
    assert rules.is_card_number(number)


@pytest.mark.parametrize(
    "number", ["", " ", "4242", "4242 4242 4242 4241", "4242-4242-4242-4242", "x" * 16, "٤" * 16, "4" * 30]
)
def test_anything_else_is_not(number: str) -> None:
    assert not rules.is_card_number(number)


@given(st.text(alphabet="0123456789", min_size=11, max_size=18), st.integers(0, 9))
def test_exactly_one_check_digit_is_right(digits: str, wrong: int) -> None:
    right = [check for check in range(10) if rules.is_card_number(f"{digits}{check}")]

    assert len(right) == 1


@pytest.mark.parametrize(
    ("stamp", "body", "signature", "good"),
    [
        (str(AT), b"{}", None, True),
        (str(AT - 300), b"{}", None, True),
        (str(AT - 301), b"{}", None, False),
        (str(AT + 301), b"{}", None, False),
        (str(AT), b"{}", "0" * 64, False),
        (str(AT), b"{}", "é", False),
        ("", b"{}", None, False),
        ("-1", b"{}", None, False),
        ("1" * 40, b"{}", None, False),
        ("½", b"{}", None, False),
    ],
)
def test_a_signature_holds_for_its_time_and_text(stamp: str, body: bytes, signature: str | None, good: bool) -> None:
    signed = signature or rules.sign("secret", stamp, body)

    assert rules.genuine("secret", stamp, body, signed, at=AT) is good


def test_a_signature_can_not_be_moved() -> None:
    signed = rules.sign("secret", str(AT), b"{}")

    assert not rules.genuine("secret", str(AT), b"{ }", signed, at=AT)
    assert not rules.genuine("secret", str(AT + 1), b"{}", signed, at=AT)
    assert not rules.genuine("other", str(AT), b"{}", signed, at=AT)

"""Whether a promotion applies, the first thing in its way, and how a code may be typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.promotions import rules
from app.promotions.terms import Basket, Promotion, Uses, checks, why_not
from tests.promotions.baskets import LAMPS, MUGS, NOW, a_basket, a_promotion, an_item


def reason(promotion: Promotion, basket: Basket, uses: Uses | None = None) -> str | None:
    found = why_not(promotion, basket, uses or Uses())
    return found and found.kind


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("promotion", "basket", "expected"),
    [
        (a_promotion(), a_basket(an_item(100)), None),
        (a_promotion(state="draft"), a_basket(an_item(100)), "state"),
        (a_promotion(state="ended"), a_basket(an_item(100)), "over"),
        (a_promotion(ends_at=NOW), a_basket(an_item(100)), "over"),
        (a_promotion(ends_at=NOW + DAY), a_basket(an_item(100)), None),
        (a_promotion(starts_at=NOW), a_basket(an_item(100)), None),
        (a_promotion(starts_at=NOW + DAY), a_basket(an_item(100)), "started"),
        (a_promotion(markets=("de",)), a_basket(an_item(100)), "market"),
        (a_promotion(currency="EUR"), a_basket(an_item(100)), "market"),
        (a_promotion(first_order=True), a_basket(an_item(100)), None),
        (a_promotion(first_order=True), a_basket(an_item(100), first_order=False), "first_order"),
        (a_promotion(only=(MUGS,)), a_basket(an_item(100, 1, LAMPS)), "goods"),
        (a_promotion(but_not=(LAMPS,)), a_basket(an_item(100, 1, LAMPS)), "goods"),
        (a_promotion(only=(MUGS,), but_not=(LAMPS,)), a_basket(an_item(100, 1, MUGS, LAMPS)), "goods"),
        (a_promotion(), a_basket(), "goods"),
        (a_promotion(minimum=300), a_basket(an_item(100, 3)), None),
        (a_promotion(minimum=301), a_basket(an_item(100, 3)), "minimum"),
        (a_promotion(minimum=300, only=(MUGS,)), a_basket(an_item(100, 2, MUGS), an_item(900, 1, LAMPS)), "minimum"),
    ],
)
def test_the_first_thing_in_the_way_is_named(promotion, basket, expected) -> None:
    assert reason(promotion, basket) == expected


def test_what_is_missing_to_the_minimum_is_said() -> None:
    found = why_not(a_promotion(minimum=6000), a_basket(an_item(5580)))

    assert found is not None and found.amount == 420


def test_used_up_comes_before_what_a_shopper_could_change() -> None:
    promotion, basket = a_promotion(minimum=9000), a_basket(an_item(100))

    assert reason(promotion, basket, Uses(left=0)) == "left"
    assert reason(promotion, basket, Uses(left=1, share=0)) == "share"
    assert [each.kind for each in checks(promotion, basket) if not each.good] == ["minimum"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("welcome10", "WELCOME10"),
        (" Wel come 10\n", "WELCOME10"),
        ("SPRING-7F3K", "SPRING-7F3K"),
        ("", None),
        ("A", None),
        ("-A", None),
        ("A" * 41, None),
        ("x'; --", None),
        ("ünï", None),
    ],
)
def test_a_code_is_tidied_or_none(typed: str, expected: str | None) -> None:
    assert rules.tidy_code(typed) == expected

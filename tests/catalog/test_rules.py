from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.catalog import rules

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


BREAKS = [rules.PriceBreak(min_quantity=6, price=1200), rules.PriceBreak(min_quantity=12, price=1100)]


@pytest.mark.parametrize(("quantity", "price"), [(1, 1400), (5, 1400), (6, 1200), (11, 1200), (12, 1100), (99, 1100)])
def test_many_cost_less_each(quantity: int, price: int) -> None:
    assert rules.price_for(1400, BREAKS, quantity) == price
    assert rules.price_for(1400, reversed(BREAKS), quantity) == price
    assert rules.price_for(1400, [], quantity) == 1400


@pytest.mark.parametrize(
    ("was", "band", "age", "badge"),
    [
        (None, "in", timedelta(days=3), "New"),
        (None, "in", timedelta(days=30), None),
        (None, "in", timedelta(days=-1), None),
        (1800, "few", timedelta(days=3), "Sale"),
        (1800, "out", timedelta(days=3), None),
    ],
)
def test_a_card_has_one_badge(was: int | None, band: str, age: timedelta, badge: str | None) -> None:
    assert rules.badge_of(was, band, NOON - age, NOON) == badge


@pytest.mark.parametrize(
    ("text", "page"),
    [(None, 1), ("", 1), ("1", 1), ("2", 2), ("9999", 9999)]
    + [(bad, None) for bad in ("0", "-1", "abc", "1.5", "01", "+1", " 1", "99999", "1e3", "²", "٣")],
)
def test_a_page_number_is_plain_digits(text: str | None, page: int | None) -> None:
    assert rules.page_number(text) == page


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (24, 1), (25, 2), (48, 2), (49, 3)])
def test_a_list_has_pages_of_24(total: int, pages: int) -> None:
    assert rules.pages_of(total) == pages


@pytest.mark.parametrize(
    ("about", "value", "words"),
    [
        ({}, "stone-ware", "Stone ware"),
        ({"unit": "ml"}, "250", "250 ml"),
        ({"unit": "W"}, 60, "60 W"),
        ({"unit": "cm"}, "80x240", "80 × 240 cm"),
        ({}, True, "Yes"),
        ({}, ["oak", "ash"], "Oak, Ash"),
        ({"values": {"a5": "A5, 148 × 210 mm"}}, "a5", "A5, 148 × 210 mm"),
    ],
)
def test_values_are_said_in_words(about: dict[str, Any], value: Any, words: str) -> None:
    assert rules.said(rules.Attribute(code="x", label="X", **about), value) == words


def test_facts_are_public_attributes_that_are_no_options() -> None:
    attributes = [
        rules.Attribute(code="glaze", label="Glaze", is_option=True),
        rules.Attribute(code="material", label="Material"),
        rules.Attribute(code="cost", label="Cost", is_public=False),
        rules.Attribute(code="wide", label="Width", unit="cm"),
        rules.Attribute(code="safe", label="Dishwasher-safe"),
    ]

    facts = rules.facts_of(
        attributes, {"glaze": "moss", "material": "stoneware", "cost": 300, "wide": None, "safe": False}
    )

    assert [(fact.label, fact.value) for fact in facts] == [("Material", "Stoneware"), ("Dishwasher-safe", "No")]

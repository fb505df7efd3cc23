from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog import rules
from app.values import new_id

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def variant(band: str = "in", price: int = 1400, **options: str) -> rules.Variant:
    return rules.Variant(
        id=new_id(7),
        sku="",
        title="",
        options=options,
        policy="stock",
        lead_days=0,
        band=band,
        back_on=None,
        prices=[(1, price, None)],
    )


SMALL_MOSS = variant(glaze="moss", size="250")
LARGE_MOSS = variant(glaze="moss", size="350", band="out")
SMALL_OAT = variant(glaze="oat", size="250", band="few")
MUGS = [SMALL_MOSS, LARGE_MOSS, SMALL_OAT]


@pytest.mark.parametrize(
    ("asked", "chosen", "variant"),
    [
        ({}, {"glaze": "moss", "size": "250"}, SMALL_MOSS),
        ({"glaze": "oat", "size": "250"}, {"glaze": "oat", "size": "250"}, SMALL_OAT),
        ({"glaze": "moss", "size": "350"}, {"glaze": "moss", "size": "350"}, LARGE_MOSS),
        ({"glaze": "oat", "size": "350"}, {"glaze": "oat", "size": "350"}, None),
        ({"glaze": "oat"}, {"glaze": "oat"}, None),
        ({"glaze": "gold"}, {"glaze": "moss", "size": "250"}, SMALL_MOSS),
        ({"colour": "oat"}, {"glaze": "moss", "size": "250"}, SMALL_MOSS),
        ({"glaze": "oat", "size": "gold"}, {"glaze": "oat"}, None),
    ],
)
def test_a_choice_is_what_was_asked_and_known(asked: dict[str, str], chosen: dict[str, str], variant: Any) -> None:
    choice = rules.choose(MUGS, ["glaze", "size"], asked)

    assert choice.chosen == chosen
    assert choice.variant == variant


def test_nothing_chosen_means_the_first_variant_that_can_be_bought() -> None:
    sold_out = variant(glaze="ink", band="out")

    assert rules.choose([sold_out, SMALL_OAT], [], {}).variant == SMALL_OAT
    assert rules.choose([sold_out], [], {}).variant == sold_out


def test_an_option_with_one_value_is_chosen_already() -> None:
    choice = rules.choose([SMALL_MOSS, SMALL_OAT], ["glaze", "size"], {"glaze": "oat"})

    assert choice.chosen == {"glaze": "oat", "size": "250"}
    assert choice.variant == SMALL_OAT


def test_a_product_without_options_has_its_variant_chosen() -> None:
    only = variant()

    assert rules.choose([only], [], {"o": "x"}).variant == only


def test_options_come_in_the_order_of_the_type_then_of_the_alphabet() -> None:
    assert list(rules.option_values([variant(b="1", a="1", size="1", glaze="1")], ["size", "glaze"])) == [
        "size",
        "glaze",
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("chosen", "code", "value", "state"),
    [
        ({"glaze": "moss", "size": "250"}, "size", "350", "sold_out"),
        ({"glaze": "moss", "size": "250"}, "glaze", "oat", "ok"),
        ({"glaze": "oat", "size": "250"}, "size", "350", "impossible"),
        ({"glaze": "oat", "size": "350"}, "glaze", "moss", "sold_out"),
        ({"size": "250"}, "glaze", "moss", "ok"),
    ],
)
def test_each_value_says_where_it_leads(chosen: dict[str, str], code: str, value: str, state: str) -> None:
    choice = rules.choose(MUGS, ["glaze", "size"], chosen)

    assert rules.states_of(MUGS, choice, code)[value] == state


@pytest.mark.parametrize(
    ("asked", "words", "reason"),
    [
        ({"glaze": "oat", "size": "350"}, ["Oat", "350 ml"], "This is not made in Oat, 350 ml."),
        ({"glaze": "moss", "size": "350"}, ["Moss", "350 ml"], "Sold out in Moss, 350 ml."),
        ({"glaze": "moss"}, ["Moss"], None),
        ({}, ["Moss", "250 ml"], None),
    ],
)
def test_what_cannot_be_bought_says_why(asked: dict[str, str], words: list[str], reason: str | None) -> None:
    assert rules.reason_of(rules.choose(MUGS, ["glaze", "size"], asked), words) == reason


values = st.sampled_from(["a", "b", "c"])
bands = st.sampled_from(["in", "few", "later", "out"])
many = st.lists(
    st.tuples(values, values, bands).map(lambda each: variant(x=each[0], y=each[1], band=each[2])),
    min_size=1,
    max_size=9,
)


@given(many, st.dictionaries(st.sampled_from(["x", "y", "z"]), st.text(max_size=2) | values))
def test_whatever_is_asked_the_choice_is_sound(variants: list[rules.Variant], asked: dict[str, str]) -> None:
    choice = rules.choose(variants, ["x", "y"], asked)

    assert set(choice.chosen) | set(choice.missing) == set(choice.values) == {"x", "y"}
    assert all(choice.chosen[code] in choice.values[code] for code in choice.chosen)
    assert (choice.variant is None) == (bool(choice.missing) or not choice.fitting)
    assert choice.variant is None or choice.variant.options == choice.chosen
    assert rules.reason_of(choice, []) is None or choice.variant is None or choice.variant.band == "out"


@given(many, values, values)
def test_a_value_leads_where_it_says(variants: list[rules.Variant], x: str, y: str) -> None:
    before = rules.choose(variants, ["x", "y"], {"x": x})
    states = rules.states_of(variants, before, "y")

    for value in before.values["y"]:
        after = rules.choose(variants, ["x", "y"], {**before.chosen, "y": value})
        bands = {each.band for each in after.fitting}
        assert states[value] == ("impossible" if not bands else "sold_out" if bands == {"out"} else "ok")


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

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog import choosing, rules
from app.values import new_id


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
    choice = choosing.choose(MUGS, ["glaze", "size"], asked)

    assert choice.chosen == chosen
    assert choice.variant == variant


def test_nothing_chosen_means_the_first_variant_that_can_be_bought() -> None:
    sold_out = variant(glaze="ink", band="out")

    assert choosing.choose([sold_out, SMALL_OAT], [], {}).variant == SMALL_OAT
    assert choosing.choose([sold_out], [], {}).variant == sold_out


def test_an_option_with_one_value_is_chosen_already() -> None:
    choice = choosing.choose([SMALL_MOSS, SMALL_OAT], ["glaze", "size"], {"glaze": "oat"})

    assert choice.chosen == {"glaze": "oat", "size": "250"}
    assert choice.variant == SMALL_OAT


def test_a_product_without_options_has_its_variant_chosen() -> None:
    only = variant()

    assert choosing.choose([only], [], {"o": "x"}).variant == only


def test_options_come_in_the_order_of_the_type_then_of_the_alphabet() -> None:
    assert list(choosing.option_values([variant(b="1", a="1", size="1", glaze="1")], ["size", "glaze"])) == [
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
    choice = choosing.choose(MUGS, ["glaze", "size"], chosen)

    assert choosing.states_of(MUGS, choice, code)[value] == state


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
    assert choosing.reason_of(choosing.choose(MUGS, ["glaze", "size"], asked), words) == reason


values = st.sampled_from(["a", "b", "c"])
bands = st.sampled_from(["in", "few", "later", "out"])
many = st.lists(
    st.tuples(values, values, bands).map(lambda each: variant(x=each[0], y=each[1], band=each[2])),
    min_size=1,
    max_size=9,
)


@given(many, st.dictionaries(st.sampled_from(["x", "y", "z"]), st.text(max_size=2) | values))
def test_whatever_is_asked_the_choice_is_sound(variants: list[rules.Variant], asked: dict[str, str]) -> None:
    choice = choosing.choose(variants, ["x", "y"], asked)

    assert set(choice.chosen) | set(choice.missing) == set(choice.values) == {"x", "y"}
    assert all(choice.chosen[code] in choice.values[code] for code in choice.chosen)
    assert (choice.variant is None) == (bool(choice.missing) or not choice.fitting)
    assert choice.variant is None or choice.variant.options == choice.chosen
    assert choosing.reason_of(choice, []) is None or choice.variant is None or choice.variant.band == "out"


@given(many, values, values)
def test_a_value_leads_where_it_says(variants: list[rules.Variant], x: str, y: str) -> None:
    before = choosing.choose(variants, ["x", "y"], {"x": x})
    states = choosing.states_of(variants, before, "y")

    for value in before.values["y"]:
        after = choosing.choose(variants, ["x", "y"], {**before.chosen, "y": value})
        bands = {each.band for each in after.fitting}
        assert states[value] == ("impossible" if not bands else "sold_out" if bands == {"out"} else "ok")


@pytest.mark.parametrize(
    ("asked", "chosen", "moved"),
    [
        ({"glaze": "oat!", "size": "350"}, {"glaze": "oat", "size": "250"}, {"size": "350"}),
        ({"glaze": "oat", "size": "350!"}, {"glaze": "moss", "size": "350"}, {"glaze": "oat"}),
        ({"glaze": "oat!", "size": "250"}, {"glaze": "oat", "size": "250"}, {}),
        ({"glaze": "oat!"}, {"glaze": "oat"}, {}),
    ],
)
def test_what_was_chosen_last_makes_the_others_give_way(
    asked: dict[str, str], chosen: dict[str, str], moved: dict[str, str]
) -> None:
    choice = choosing.choose(MUGS, ["glaze", "size"], asked)

    assert (choice.chosen, choice.moved) == (chosen, moved)


def test_the_others_rather_become_something_that_can_be_bought() -> None:
    chairs = [
        variant(wood="oak", seat="moss", finish="oil"),
        variant(wood="walnut", seat="rust", finish="oil", band="out"),
        variant(wood="walnut", seat="rust", finish="wax"),
    ]

    choice = choosing.choose(chairs, ["wood", "seat", "finish"], {"wood": "walnut!", "seat": "moss", "finish": "oil"})

    assert choice.chosen == {"wood": "walnut", "seat": "rust", "finish": "wax"}
    assert choice.moved == {"seat": "moss", "finish": "oil"}


def test_what_is_in_the_way_is_named_where_it_is_one_thing() -> None:
    choice = choosing.choose(MUGS, ["glaze", "size"], {"glaze": "oat", "size": "250"})

    assert choosing.against(MUGS, choice, "size", "350") == "glaze"
    assert choosing.against(MUGS, choice, "glaze", "moss") is None

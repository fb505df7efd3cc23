from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.admin import rules
from app.values import new_id


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("14.00", 1400),
        ("14", 1400),
        (" £14.5 ", 1450),
        ("GBP 14", 1400),
        ("1,400.00", 140000),
        ("1 400", 140000),
        ("14,50", 1450),
        (".5", 50),
        ("999999.99", 99999999),
    ],
)
def test_a_price_is_read_as_people_type_it(typed: str, amount: int) -> None:
    assert rules.price_of(typed, "GBP", "en_GB") == amount


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "-1",
        "1e9",
        "14.999",
        "NaN",
        "1,40,0",
        "0",
        "0.00",
        "1000000",
        "٣",
        "½",
        "1_000",
        "9" * 6000,
        "1.400,00",
    ],
)
def test_what_is_no_price_is_refused(typed: str) -> None:
    with pytest.raises(rules.Unreadable):
        rules.price_of(typed, "GBP", "en_GB")


def test_a_price_follows_the_shops_language_and_currency() -> None:
    assert rules.price_of("1.400,50", "EUR", "de_DE") == 140050
    assert rules.price_of("1,400", "JPY", "en_GB") == 1400
    assert rules.price_of("1.234", "KWD", "en_GB") == 1234


@given(
    st.integers(1, rules.MOST),
    st.sampled_from(["GBP", "EUR", "JPY", "KWD"]),
    st.sampled_from(["en_GB", "de_DE", "fr_FR"]),
)
def test_a_shown_price_is_read_back(amount: int, currency: str, locale: str) -> None:
    assert rules.price_of(rules.shown_price(amount, currency, locale), currency, locale) == amount


@pytest.mark.parametrize(("typed", "delta"), [("5", 5), ("+5", 5), ("-5", -5), ("− 5", -5), ("1 000", 1000)])
def test_units_are_read_with_their_sign(typed: str, delta: int) -> None:
    assert rules.delta_of(typed) == delta


@pytest.mark.parametrize("typed", ["", "0", "-0", "1.5", "abc", "1e3", "+-1", "999999999", "9" * 5000, "٣"])
def test_what_is_no_number_of_units_is_refused(typed: str) -> None:
    with pytest.raises(rules.Unreadable):
        rules.delta_of(typed)


@pytest.mark.parametrize(
    "path",
    ["", "https://example.org/", "//example.org", "/\\example.org", "products", "/a\nb", "/sign-in", "/sign-out"],
)
def test_signing_in_leads_to_our_own_pages_only(path: str) -> None:
    assert rules.own_path(path) == "/"


def test_signing_in_leads_back_to_where_one_was() -> None:
    assert rules.own_path("/products?q=mug&page=2") == "/products?q=mug&page=2"


@given(st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1)), st.integers(0, 1023))
def test_a_cursor_is_read_back_to_the_microsecond(at: datetime, bucket: int) -> None:
    aware, id = at.replace(tzinfo=UTC), new_id(bucket)

    assert rules.cursor_of(rules.cursor(aware, id)) == (aware, id)


@pytest.mark.parametrize("text", ["", "x", "1-2", "99999999999999999-" + "a" * 36, "1" * 40])
def test_a_damaged_cursor_means_the_beginning(text: str) -> None:
    assert rules.cursor_of(text) is None


@pytest.mark.parametrize("text", ["0", "-1", "x", "1e9", "", "9999999999"])
def test_what_is_no_page_is_the_first(text: str) -> None:
    assert rules.page_of(text) == 1


def test_a_search_takes_wildcards_literally() -> None:
    assert rules.like(r"50%_\x") == r"%50\%\_\\x%"


def test_a_merged_form_keeps_what_was_typed_and_takes_over_the_rest() -> None:
    read = {"title": "A", "subtitle": "B", "status": "draft"}
    typed = {"title": "mine", "subtitle": "B", "status": "draft"}
    theirs = {"title": "theirs", "subtitle": "new", "status": "draft"}

    held, clashes = rules.merged(read, typed, theirs)

    assert held == {"title": "mine", "subtitle": "new", "status": "draft"}
    assert [(each.field, each.kept) for each in clashes] == [("title", "mine"), ("subtitle", "new")]


def test_two_who_typed_the_same_do_not_clash() -> None:
    assert rules.merged({"title": "A"}, {"title": "B"}, {"title": "B"}) == ({"title": "B"}, [])

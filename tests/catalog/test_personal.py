from __future__ import annotations

import pytest

from app.catalog.personal import Personal, length, tidy_text

MONOGRAM = Personal(label="Letters on the cover", most=3)
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  ABC \n", "ABC"),
        ("e\u0301", "é"),
        ("For   my  mother", "For my mother"),
        ("", ""),
        (" \t ", ""),
        ("A\x07B", "A\x07B"),
    ],
)
def test_a_text_is_kept_tidied(typed: str, kept: str) -> None:
    assert tidy_text(typed) == kept


@pytest.mark.parametrize(
    ("text", "many"),
    [("ABC", 3), ("é", 1), ("कि", 1), ("שׁ", 1), (FAMILY, 1), ("\N{WAVING HAND SIGN}\U0001f3fd", 1), ("👋👋", 2)],
)
def test_characters_are_counted_as_people_count_them(text: str, many: int) -> None:
    assert length(text) == many


@pytest.mark.parametrize("text", ["", "A", "ABC", "éèê", "محم", "李小龙", "कि"])
def test_letters_of_any_script_can_be_written(text: str) -> None:
    assert MONOGRAM.refused(text) is None


@pytest.mark.parametrize(
    ("chars", "text"),
    [
        ("letters", "ABCD"),
        ("letters", "A1"),
        ("letters", "A B"),
        ("letters", "<b>"),
        ("letters", "\N{GRINNING FACE}"),
        ("words", "<b>"),
        ("words", "a\nb"),
        ("any", "A\x07"),
        ("any", "A\u2028"),
        ("any", "\u202eBA"),
        ("any", "\u200d\u200d"),
        ("any", "\ud800"),
        ("any", "a" + "\u0301" * 20),
    ],
)
def test_what_can_not_be_written_is_refused_in_words(chars: str, text: str) -> None:
    rule = Personal(label="Text", most=3, chars=chars)  # type: ignore[arg-type]

    assert "please." in (rule.refused(text) or "")


@pytest.mark.parametrize("text", [FAMILY, "<b>", "&#;", "«»!", "A b"])
def test_anything_with_a_shape_can_be_written_where_anything_may_be(text: str) -> None:
    assert Personal(label="Text", most=3, chars="any").refused(text) is None


def test_a_needed_text_is_asked_for_and_another_may_be_left_out() -> None:
    assert Personal(label="Name", most=9, needed=True).refused("") == "Please type a text: Name."
    assert Personal(label="Name", most=9).refused("") is None

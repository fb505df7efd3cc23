from __future__ import annotations

import pytest

from app.demo.wording import words_of


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("size", "250", "250 ml"),
        ("glaze", "moss", "Moss"),
        ("unknown", "two-tone", "Two tone"),
        ("unknown", "A5", "A5"),
    ],
)
def test_a_value_is_said_in_words_with_its_unit(code: str, value: str, words: str) -> None:
    assert words_of("mug", code, value) == words

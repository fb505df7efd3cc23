from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.engines import EVERYONE, reading
from app.search import rules


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        (None, ""),
        ("", ""),
        ("  brown \t teapot ", "brown teapot"),
        ("a\0b", "a b"),
        ("x" * 300, "x" * 100),
        ("tee\u200bpot\ud800", "tee pot"),
    ],
)
def test_a_question_is_clean_and_short(typed: str | None, question: str) -> None:
    assert rules.question_of(typed) == question


@pytest.mark.parametrize(
    ("question", "tsquery"),
    [
        ("", ""),
        ("&|!", ""),
        ("Brown tea", "'brown' & 'tea':*"),
        ("tea", "'tea':*"),
        ("it's & (a) b:*", "'it' & 's' & 'a' & 'b':*"),
    ],
)
def test_all_words_are_asked_for_the_last_as_a_beginning(question: str, tsquery: str) -> None:
    assert rules.tsquery_of(question) == tsquery


@given(st.text(max_size=120))
async def test_nothing_typed_breaks_the_query(typed: str) -> None:
    asked = rules.tsquery_of(rules.question_of(typed))

    assert "'" not in asked.replace("'", "", asked.count("'"))
    assert all(part.strip("':*").isalnum() or "_" in part or not part.strip("':*") for part in asked.split(" & "))


@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize(
    "typed", ["a'b", "\\", "'", "''", "a \\' b", "!!", "<->", "a:*b", "ß İ ǅ", "日本 語", "٣٤", "e\u0301"]
)
async def test_postgres_takes_what_we_ask(typed: str) -> None:
    async with reading(EVERYONE) as db:
        await db.fetchval("SELECT to_tsquery('english', $1)::text", rules.tsquery_of(rules.question_of(typed)))

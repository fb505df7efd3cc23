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
        ("it's & (a) b:*", "'it' & 's' & 'a' & 'b'"),
    ],
)
def test_all_words_are_asked_for_the_last_as_a_beginning(question: str, tsquery: str) -> None:
    assert asked(question) == tsquery


def asked(question: str) -> str:
    return rules.tsquery_of([[word] for word in rules.words_of(question)])


def test_synonyms_stand_beside_what_was_typed_and_the_longest_term_wins() -> None:
    slots = rules.slots_of(["big", "pot", "plant"], {"pot": ["vessel"], "pot plant": ["planter", "flower pot"]})

    assert slots == [["big"], ["pot plant", "planter", "flower pot"]]
    assert rules.tsquery_of(slots) == "'big' & ('pot plant' | 'planter' | 'flower pot')"
    assert rules.ranking_of(slots).startswith("'big' | ('pot plant'")


@pytest.mark.parametrize(("word", "slip"), [("mgu", "mug"), ("tabel", "table"), ("a", "")])
def test_neighbouring_letters_may_be_swapped(word: str, slip: str) -> None:
    assert slip in [*rules.slips_of(word), ""]


@pytest.mark.parametrize("typed", ["Oak Stool", "  oak   stool ", "OAK\tSTOOL", "oak\u200b stool"])
def test_a_question_has_one_spelling_however_it_was_typed(typed: str) -> None:
    assert rules.asked_as(typed) == "oak stool"


@given(st.text(max_size=300))
def test_the_spelling_of_a_spelling_is_itself(typed: str) -> None:
    once = rules.asked_as(typed)

    assert rules.asked_as(once) == once
    assert len(once) <= rules.LONGEST


@given(st.text(max_size=120))
async def test_nothing_typed_breaks_the_query(typed: str) -> None:
    query = asked(rules.question_of(typed))

    assert all(part.strip("':*").isalnum() or "_" in part or not part.strip("':*") for part in query.split(" & "))


@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize(
    "typed", ["a'b", "\\", "'", "''", "a \\' b", "!!", "<->", "a:*b", "ß İ ǅ", "日本 語", "٣٤", "e\u0301"]
)
async def test_postgres_takes_what_we_ask(typed: str) -> None:
    async with reading(EVERYONE) as db:
        await db.fetchval("SELECT to_tsquery('english', $1)::text", asked(rules.question_of(typed)))

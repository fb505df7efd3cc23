from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

LONGEST = 100  # characters of a question that are read
MOST_WORDS = 12  # words of a question that are looked for
PHRASE = 5  # words the longest synonym has
SHORTEST_BEGINNING = 3  # letters: what is shorter is not taken for the beginning of a word
WORD = re.compile(r"\w+")


def question_of(text: str | None) -> str:
    """What was typed, composed (NFC), with single spaces, without control characters, of at most LONGEST characters."""
    readable = "".join(each if each.isprintable() else " " for each in (text or "")[: LONGEST * 4])
    return " ".join(unicodedata.normalize("NFC", readable)[:LONGEST].split())


def asked_as(question: str) -> str:
    """The one spelling under which a question is kept and counted: lower-case, single spaces."""
    return " ".join(question_of(question.lower()).split())


def words_of(question: str) -> list[str]:
    """The words of a question, lower-case; punctuation only separates."""
    return WORD.findall(question.lower())[:MOST_WORDS]


def grams_of(words: Sequence[str]) -> list[str]:
    """Every run of one to PHRASE words: what may be a term of a synonym."""
    runs = {" ".join(words[at : at + many]) for at in range(len(words)) for many in range(1, PHRASE + 1)}
    return sorted(runs)


def slots_of(words: Sequence[str], meanings: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """What is asked for in each place: what was typed, then what means the same. The longest known term wins."""
    slots: list[list[str]] = []
    at = 0
    while at < len(words):
        many = next(
            (n for n in range(PHRASE, 0, -1) if " ".join(words[at : at + n]) in meanings and at + n <= len(words)), 1
        )
        term = " ".join(words[at : at + many])
        slots.append([term, *meanings.get(term, ())])
        at += many
    return slots


def tsquery_of(slots: Sequence[Sequence[str]]) -> str:
    """A PostgreSQL tsquery that asks for all slots, the last word also as a beginning. Empty for no words.

    Words are quoted, so nothing typed is an operator; several in quotes follow one another.
    """
    return " & ".join(_any(slot, last=at == len(slots) - 1) for at, slot in enumerate(slots) if slot)


def ranking_of(slots: Sequence[Sequence[str]]) -> str:
    """A tsquery that asks for any slot: by how much of it a heading has, those that were found are put in order."""
    exact = [_any(slot, last=False) for slot in slots if slot]
    return " | ".join([*exact, *([tsquery_of(slots[-1:])] if slots else [])])


def _any(slot: Sequence[str], *, last: bool) -> str:
    beginning = last and len(slot[0]) >= SHORTEST_BEGINNING and " " not in slot[0]
    terms = [f"'{slot[0]}'" + ":*" * beginning, *(f"'{term}'" for term in slot[1:])]
    return terms[0] if len(terms) == 1 else f"({' | '.join(terms)})"


def slips_of(word: str) -> list[str]:
    """The word with two neighbouring letters in the other order, each pair in turn."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def reach_of(word: str) -> int:
    """How many letters may be wrong in a word before it is another one."""
    return 1 if len(word) < 5 else 2 if len(word) < 10 else 3

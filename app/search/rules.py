from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

LONGEST = 100  # characters of a question that are read
MOST_WORDS = 12  # words of a question that are looked for
PHRASE = 5  # words the longest synonym has
MOST_TERMS = 20  # of one group
MOST_GROUPS = 1_000
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


def terms_of(text: str) -> list[str]:
    """The terms typed one a line or between commas, each once, as they are looked for."""
    typed = (asked_as(line) for line in re.split(r"[\n,;]", text))
    return list(dict.fromkeys(" ".join(words_of(term)) for term in typed if words_of(term)))


def faults_of(kind: str, terms: Sequence[str], means: Sequence[str]) -> dict[str, str]:
    """What is wrong with a group of synonyms, by field; empty when nothing is."""
    faults = {}
    if kind not in ("both", "one"):
        faults["kind"] = "Choose how the words are looked for."
    if len(terms) < (2 if kind == "both" else 1):
        faults["terms"] = "Two words at least mean the same." if kind == "both" else "Type at least one word."
    if kind == "one" and not means:
        faults["means"] = "Type what these words are looked for as well."
    for field, typed in (("terms", terms), ("means", means if kind == "one" else [])):
        if len(typed) > MOST_TERMS:
            faults[field] = f"A group has at most {MOST_TERMS} words or phrases on a side."
        elif long := next((term for term in typed if term.count(" ") >= PHRASE), None):
            faults[field] = f"“{long}” is longer than {PHRASE} words."
    return faults

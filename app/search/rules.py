from __future__ import annotations

import re

LONGEST = 100  # characters of a question that are read
WORD = re.compile(r"\w+")


def question_of(text: str | None) -> str:
    """What was typed, with single spaces, without control characters, and no more than LONGEST characters."""
    readable = "".join(each if each.isprintable() else " " for each in (text or "")[:LONGEST])
    return " ".join(readable.split())


def words_of(question: str) -> list[str]:
    """The words of a question, lower-case; punctuation only separates."""
    return WORD.findall(question.lower())


def tsquery_of(question: str) -> str:
    """A PostgreSQL tsquery that asks for all words, the last one as the beginning of a word. Empty for no words.

    Words are quoted, so nothing typed is an operator.
    """
    words = words_of(question)
    return " & ".join([*(f"'{word}'" for word in words[:-1]), *(f"'{word}':*" for word in words[-1:])])


def any_of(words: list[str]) -> str:
    """A tsquery that asks for any of these words."""
    return " | ".join(f"'{word}'" for word in words)

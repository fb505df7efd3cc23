"""A text of the shopper's own on a product: what it may hold, how it is kept, and what it costs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

LONGEST = 60  # characters of any text: what fits beside a line of an order, in a mail and on an invoice
STACKED = 4  # code points to a character at most: a letter with its marks, most emoji
JOINER = "\u200d"  # makes one picture of two, and letters of some scripts meet
TONES = range(0x1F3FB, 0x1F400)  # skin tones, UTS #51: part of the emoji before them
PUNCTUATION = frozenset(" .,:;!?&'’\"-–/()+")
JOINERS = frozenset({"\u200c", JOINER})


class Personal(msgspec.Struct, frozen=True, kw_only=True):
    """What may be written on a product: up to `most` characters out of `chars` (of CHARS). `extra`: minor units for each unit with a text."""

    label: str
    most: int
    chars: Literal["letters", "words", "any"] = "letters"
    needed: bool = False
    extra: int = 0

    @property
    def says(self) -> str:
        """What may be typed, in words."""
        return f"Up to {self.most} {WORDS[self.chars] if self.most > 1 else WORDS[self.chars].removesuffix('s')}"

    def refused(self, text: str) -> str | None:
        """Why a tidied text can't be written, in words; None when it can."""
        if not text:
            return f"Please type a text: {self.label}." if self.needed else None
        if not 0 < length(text) <= self.most or len(text) > STACKED * self.most:
            return f"{self.says}, please."
        wrong = next((char for char in text if not CHARS[self.chars](char)), None)
        return wrong and _cannot(wrong, self.chars)


def tidy_text(text: str) -> str:
    """A text as it is kept: composed (NFC), nothing around it, single spaces. Control characters inside it stay, to be refused."""
    return " ".join(part for part in unicodedata.normalize("NFC", text).strip().split(" ") if part)


def length(text: str) -> int:
    """Characters as people count them, nearly: marks, skin tones and what a joiner adds belong to the one before."""
    own = (
        char
        for before, char in zip(f" {text}", text, strict=False)
        if before != JOINER and char not in JOINERS and ord(char) not in TONES and not _is_mark(char)
    )
    return sum(1 for _ in own)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM" or char in JOINERS


def _is_word(char: str) -> bool:
    return _is_letter(char) or unicodedata.category(char).startswith("N") or char in PUNCTUATION


def _is_printable(char: str) -> bool:
    """Anything with a shape: no control, no line or paragraph end, nothing that turns the direction of what follows."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or char in JOINERS


CHARS: Mapping[str, Callable[[str], bool]] = {"letters": _is_letter, "words": _is_word, "any": _is_printable}
WORDS = {"letters": "letters", "words": "letters, digits and signs", "any": "characters"}


def _cannot(char: str, chars: str) -> str:
    shown = f"“{char}”" if _is_printable(char) and not _is_mark(char) and char not in JOINERS and char != " " else ""
    only = {
        "letters": "only letters",
        "words": "letters, digits and . , : ; ! ? & ' - / ( ) +",
        "any": "what one can see",
    }[chars]
    return f"{shown or 'A space or a hidden sign'} can't be written here: {only}, please."

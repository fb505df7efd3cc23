"""What a variant is called: its values in words, each with its unit."""

from __future__ import annotations

from app.demo.goods.kinds import KINDS

ATTRIBUTES = {(kind.code, each.code): each for kind in KINDS.values() for each in kind.attributes}


def words_of(kind: str, code: str, value: str) -> str:
    """A value inside a variant's title; codes of one letter or with digits stay as they are, before their unit."""
    attribute = ATTRIBUTES.get((kind, code))
    if attribute and (words := attribute.values.get(value)):
        return words
    if not any(sign.isdigit() for sign in value):
        return value.replace("-", " ").capitalize()
    return f"{value} {attribute.unit}" if attribute and attribute.unit else value

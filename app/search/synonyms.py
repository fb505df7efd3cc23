"""Synonyms as staff see them: the groups, and what one of them would change."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, reading
from app.search import finding, rules


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group of synonyms, see tables.Synonym."""

    id: UUID
    kind: str
    terms: list[str]
    means: list[str]
    version: int


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """How many products a term finds today, and how many it would with the group."""

    term: str
    before: int
    after: int


async def groups() -> list[Group]:
    """All of them, by their first term."""
    sql = "SELECT id, kind, terms, means, version FROM synonym ORDER BY terms->>0, id"
    async with reading(EVERYONE) as db:
        return [Group(**row) for row in await db.fetch(sql)]


async def group(id: UUID) -> Group | None:
    sql = "SELECT id, kind, terms, means, version FROM synonym WHERE id = $1"
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(sql, id)
    return Group(**row) if row else None


async def effects(kind: str, terms: Sequence[str], means: Sequence[str]) -> list[Effect]:
    """What each term finds now, and would find. A statement for each term, and two for all."""
    async with reading(EVERYONE) as db:
        asked = [await finding.understood(db, rules.words_of(term)) for term in terms]
        now = [rules.tsquery_of(each.slots) for each in asked]
        before = await finding.counts(db, now)
        after = await finding.counts(db, [_with(query, at, kind, terms, means) for at, query in enumerate(now)])
    return [Effect(term=term, before=b, after=a) for term, b, a in zip(terms, before, after, strict=True)]


def _with(query: str, at: int, kind: str, terms: Sequence[str], means: Sequence[str]) -> str:
    others = means if kind == "one" else [*terms[:at], *terms[at + 1 :]]
    return " | ".join([f"({query})", *(f"'{finding.clean(other)}'" for other in others)])

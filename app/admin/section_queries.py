"""What the screens of the home page's sections read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from app.content.operations import MARK, PAGE, PAGE_MARK
from app.db.edits import Edit, edits_of
from app.db.engines import EVERYONE, writing


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A section in its place."""

    id: UUID
    kind: str
    title: str
    published: bool


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A section as it is, in the state `mark`."""

    id: UUID
    kind: str
    body: dict[str, Any]
    published: bool
    mark: str
    edits: list[Edit] = []


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What products can come from: (address, title). `pictures`: (hash, words) of those the home page has."""

    collections: list[tuple[str, str]]
    categories: list[tuple[str, str]]
    pictures: list[tuple[str, str]]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed and exists. `pictures`: as typed -> hash; `products`: addresses of products."""

    pictures: dict[str, str]
    products: list[str]


ROWS = """
    SELECT b.id, b.kind, coalesce(nullif(b.body->>'title', ''), b.body->>'text', '') AS title, b.published
    FROM block b WHERE b.page = $1 ORDER BY b.position, b.id
"""
KNOWN = f"SELECT b.id, b.kind, b.body, b.published, {MARK} AS mark FROM block b WHERE b.id = $1 AND b.page = $2"  # noqa: S608 - ours
CHOICES = """
    SELECT (SELECT coalesce(json_agg(json_build_array(slug, title) ORDER BY title), '[]') FROM collection) AS collections,
        (SELECT coalesce(json_agg(json_build_array(path, title) ORDER BY path), '[]') FROM category) AS categories,
        (SELECT coalesce(json_agg(json_build_array(i.hash, i.alt)), '[]') FROM picture i WHERE i.hash IN (
            SELECT p #>> '{}' FROM block b, jsonb_path_query(b.body, '$.**.picture') p WHERE b.page = $1)) AS pictures
"""
FOUND = """
    SELECT (SELECT coalesce(json_object_agg(t, i.hash), '{}') FROM unnest($1::text[]) t LEFT JOIN product p ON '/p/' || p.slug = t
            JOIN picture i ON i.hash = coalesce(p.picture_hash, t)) AS pictures,
        array(SELECT slug FROM product WHERE slug = ANY($2::text[])) AS products
"""


async def rows() -> tuple[list[Row], str]:
    """The sections of the home page in order, and the mark of that order."""
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was saved a moment ago
        found = await db.fetch(ROWS, PAGE)
        mark = await db.fetchval(f"SELECT {PAGE_MARK} FROM block b WHERE b.page = $1", PAGE)  # noqa: S608 - ours
    return [msgspec.convert(dict(row), Row) for row in found], mark or ""


async def known(section_id: UUID) -> Known | None:
    async with writing(EVERYONE) as db:
        row = await db.fetchrow(KNOWN, section_id, PAGE)
    return msgspec.convert(dict(row) | {"edits": await edits_of(section_id)}, Known) if row else None


async def choices() -> Choices:
    async with writing(EVERYONE) as db:
        return msgspec.convert(dict(await db.fetchrow(CHOICES, PAGE) or {}), Choices)


async def found(pictures: list[str], products: list[str]) -> Found:
    """Which of these pictures (a hash, or the address of a product that has one) and products exist."""
    async with writing(EVERYONE) as db:
        return msgspec.convert(dict(await db.fetchrow(FOUND, pictures, products) or {}), Found)

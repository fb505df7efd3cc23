from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.admin import rules
from app.db.engines import EVERYONE, reading

PER_PAGE = 30
STATES = ("pending", "approved", "rejected")


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A review as staff see it."""

    id: UUID
    product_id: UUID
    product: str
    slug: str
    author: str
    rating: int
    title: str
    body: str
    state: str
    created_at: datetime
    verified: bool
    helpful: int
    unhelpful: int
    reply: str
    reason: str
    moderated_by: str
    moderated_at: datetime | None
    version: int


ROW = """
    SELECT r.id, r.product_id, p.title AS product, p.slug, author, r.rating, r.title, r.body, r.state, r.created_at, r.verified, r.helpful,
        r.unhelpful, r.reply, r.reason, r.moderated_by, r.moderated_at, r.version
    FROM review r JOIN product p ON p.id = r.product_id
"""
LISTED = """
    WHERE r.state = $1 AND ($2::int IS NULL OR r.rating = $2)
        AND ($3 = '' OR p.title ILIKE $4 OR r.title ILIKE $4 OR r.body ILIKE $4 OR r.author ILIKE $4)
        AND ($5::timestamptz IS NULL OR (r.created_at, r.id) < ($5, $6::uuid))
    ORDER BY r.created_at DESC, r.id DESC LIMIT $7
"""


async def review_rows(
    state: str, stars: int | None, q: str, *, after: tuple[datetime, UUID] | None
) -> tuple[list[ReviewRow], dict[str, int]]:
    """Reviews in this state, newest first, one more than PER_PAGE where there are others; and how many are in each state.

    `q`: part of the product's name, or of what was said or by whom.
    """
    at, id = after or (None, None)
    async with reading(EVERYONE) as db:
        rows = await db.fetch(ROW + LISTED, state, stars, q, rules.like(q), at, id, PER_PAGE + 1)
        counts = await db.fetch("SELECT state, count(*) AS many FROM review GROUP BY state")
    return [ReviewRow(**row) for row in rows], {row["state"]: row["many"] for row in counts}


async def review_row(id: UUID) -> ReviewRow | None:
    """One review."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(ROW + "WHERE r.id = $1", id)
    return ReviewRow(**row) if row else None

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, reading

SHOWN = 12  # reviews on a product's page, the newest


class Review(msgspec.Struct, frozen=True, kw_only=True):
    author: str
    rating: int
    title: str
    body: str
    at: datetime


class ReviewsView(msgspec.Struct, frozen=True, kw_only=True):
    """What shoppers said of a product. `bars`: how many gave 5, 4, 3, 2, 1; `average` is None when nobody did."""

    average: float | None
    count: int
    bars: list[int]
    reviews: list[Review]


NO_REVIEWS = ReviewsView(average=None, count=0, bars=[0] * 5, reviews=[])

REVIEWS = """
    WITH approved AS (SELECT * FROM review WHERE product_id = $1 AND state = 'approved')
    SELECT (SELECT json_object_agg(rating, many) FROM (SELECT rating, count(*) AS many FROM approved GROUP BY rating) r) AS bars,
        (SELECT json_agg(json_build_object('author', author, 'rating', rating, 'title', title, 'body', body, 'at', created_at)
            ORDER BY created_at DESC, id)
         FROM (SELECT * FROM approved ORDER BY created_at DESC, id LIMIT $2) newest) AS reviews
"""


async def reviews_view(product_id: UUID) -> ReviewsView:
    """The approved reviews of a product, newest first."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(REVIEWS, product_id, SHOWN)
    if row is None or row["bars"] is None:
        return NO_REVIEWS
    bars = [row["bars"].get(str(stars), 0) for stars in (5, 4, 3, 2, 1)]
    count = sum(bars)
    total = sum(stars * many for stars, many in zip((5, 4, 3, 2, 1), bars, strict=True))
    reviews = msgspec.convert(row["reviews"], list[Review])
    return ReviewsView(average=total / count, count=count, bars=bars, reviews=reviews)

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, reading, writing
from app.reviews import rules
from app.reviews.rules import LAST, QUICKEST, SLOWEST, age_of, plain, stamp
from app.reviews.rules import asked as asked_reviews
from app.reviews.taking import OwnVote, own_votes

__all__ = [
    "LAST",
    "QUICKEST",
    "SLOWEST",
    "Bar",
    "OwnReview",
    "OwnVote",
    "Review",
    "ReviewsView",
    "Way",
    "age_of",
    "asked_reviews",
    "own_review",
    "own_reviews",
    "own_votes",
    "plain",
    "reviews_page",
    "reviews_url",
    "reviews_view",
    "stamp",
]  # fmt: skip


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One review. `reply`: what the shop answers, or empty."""

    id: UUID
    author: str
    rating: int
    title: str
    body: str
    at: datetime
    verified: bool
    reply: str
    helpful: int
    unhelpful: int


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """How many gave so many stars; `url` shows those alone, or all again where they are shown alone (`current`)."""

    stars: int
    amount: int
    url: str
    current: bool


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Another view of the same reviews."""

    title: str
    url: str
    current: bool = False


class ReviewsView(msgspec.Struct, frozen=True, kw_only=True):
    """What shoppers said of a product. `average` is None when nobody did; `bars` are of 5, 4, 3, 2, 1 stars.

    `total`: how many the present choice holds; `whole`: it is the list itself, not its beginning on the product's page.
    """

    average: float | None
    count: int
    bars: list[Bar]
    reviews: list[Review]
    total: int
    slug: str
    address: str
    stars: int | None
    whole: bool
    sorts: list[Way]
    page: int
    pages: int
    previous_url: str | None
    next_url: str | None


REVIEWS = """
    SELECT (SELECT json_object_agg(rating, many) FROM (SELECT rating, count(*) AS many FROM review
            WHERE product_id = $1 AND state = 'approved' GROUP BY rating) r) AS bars,
        (SELECT json_agg(json_build_object('id', id, 'author', author, 'rating', rating, 'title', title, 'body', body, 'at', created_at,
                'verified', verified, 'reply', reply, 'helpful', helpful, 'unhelpful', unhelpful) ORDER BY place)
         FROM (SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM review WHERE product_id = $1 AND state = 'approved'
            AND rating = coalesce($2, rating) ORDER BY {order} LIMIT $3 OFFSET $4) chosen) AS reviews
"""  # one text for each order: in that of an index, the first page of many reviews reads no others
ORDERS = {"newest": "created_at DESC, id", "helpful": "unhelpful - helpful, created_at DESC, id"}


async def reviews_view(product_id: UUID, slug: str) -> ReviewsView:
    """The first few approved reviews of a product, newest first, and the ways to the others."""
    return await _view(product_id, slug, rules.Asked(), whole=False)


async def reviews_page(product_id: UUID, slug: str, asked: rules.Asked) -> ReviewsView:
    """A page of the approved reviews of a product."""
    return await _view(product_id, slug, asked, whole=True)


def reviews_url(slug: str, asked: rules.Asked) -> str:
    """The one address of these reviews."""
    query = urlencode(asked.query())
    return f"/p/{slug}/reviews" + (f"?{query}" if query else "")


async def _view(product_id: UUID, slug: str, asked: rules.Asked, *, whole: bool) -> ReviewsView:
    many = rules.PER_PAGE if whole else rules.FIRST
    async with reading(EVERYONE) as db:
        sql = REVIEWS.format(order=ORDERS[asked.sort])
        row = await db.fetchrow(sql, product_id, asked.stars, many, (asked.page - 1) * rules.PER_PAGE)
    assert row is not None
    amounts = {stars: (row["bars"] or {}).get(str(stars), 0) for stars in rules.STARS}
    count = sum(amounts.values())
    total = amounts[asked.stars] if asked.stars else count
    return ReviewsView(
        average=sum(stars * amount for stars, amount in amounts.items()) / count if count else None,
        count=count,
        bars=[_bar(slug, asked, stars=stars, amount=amount) for stars, amount in amounts.items()],
        reviews=msgspec.convert(row["reviews"] or [], list[Review]),
        total=total,
        whole=whole,
        **_ways(slug, asked, rules.pages_of(total)),
    )


def _bar(slug: str, asked: rules.Asked, *, stars: int, amount: int) -> Bar:
    current = asked.stars == stars
    to = rules.Asked(stars=None if current else stars, sort=asked.sort)
    return Bar(stars=stars, amount=amount, url=reviews_url(slug, to), current=current)


def _ways(slug: str, asked: rules.Asked, pages: int) -> dict[str, Any]:
    def page(number: int) -> str | None:
        asks = msgspec.structs.replace(asked, page=number)
        return reviews_url(slug, asks) if 1 <= number <= pages else None

    def by(sort: str, title: str) -> Way:
        to = reviews_url(slug, rules.Asked(stars=asked.stars, sort=sort))
        return Way(title=title, url=to, current=asked.sort == sort)

    return {
        "slug": slug,
        "address": reviews_url(slug, asked),
        "stars": asked.stars,
        "sorts": [by(sort, title) for sort, title in rules.SORTS.items()],
        "page": asked.page,
        "pages": pages,
        "previous_url": page(asked.page - 1),
        "next_url": page(asked.page + 1),
    }


class OwnReview(msgspec.Struct, frozen=True, kw_only=True):
    """What a shopper has said of a product, as they wrote it."""

    product: str
    author: str
    rating: int
    title: str
    body: str
    state: str
    at: datetime


OWN = """
    SELECT p.title AS product, author, rating, r.title, body, state, r.created_at AS at
    FROM review r JOIN product p ON p.id = r.product_id WHERE r.shopper_id = $1
"""


async def own_review(shopper_id: UUID, product_id: UUID) -> OwnReview | None:
    """What this shopper has said of this product. Asks the primary: they may have just said it."""
    async with writing(EVERYONE) as db:
        row = await db.fetchrow(OWN + " AND r.product_id = $2", shopper_id, product_id)
    return OwnReview(**row) if row else None


async def own_reviews(shopper_id: UUID) -> list[OwnReview]:
    """Everything this shopper has said, newest first."""
    async with reading(EVERYONE) as db:
        return [OwnReview(**row) for row in await db.fetch(OWN + " ORDER BY r.created_at DESC", shopper_id)]

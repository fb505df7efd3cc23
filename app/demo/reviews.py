"""Reviews for the demo shop: how many, by whom, and when. The same every time for the same products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from app.demo.draft import Draft
from app.demo.goods.opinions import ANSWERS, AUTHORS, PENDING, SAID, SHARES
from app.demo.mint import mint
from app.demo.rows import Row, product_id
from app.drawing.chance import chance

BAGS = [rating for rating, share in SHARES for _ in range(share)]


def reviews(ranked: Sequence[tuple[int, Draft]], now: datetime) -> Iterator[Row]:
    """Approved reviews of every product on sale, then those a moderator has still to see."""
    shown = [(rank, draft) for rank, draft in ranked if draft.status == "published" and not draft.publish_in]
    for rank, draft in shown:
        yield from _approved(rank, draft, now)
    if shown:
        yield from _pending(shown, now)


def _approved(rank: int, draft: Draft, now: datetime) -> Iterator[Row]:
    """A product's reviews, spread over the time it has been on sale."""
    draw = chance(f"reviews {draft.slug}")
    product = product_id(draft.slug, rank)
    for number in range(draft.reviews):
        rating = draw.choice(BAGS)
        title, body = draw.choice(SAID[rating])
        at = now - timedelta(days=draw.uniform(1, max(2, draft.age)), minutes=draw.randrange(1440))
        yield (
            mint("review", f"{draft.slug} {number}", rank),
            product,
            draw.choice(AUTHORS),
            rating,
            title,
            body,
            "approved",
            at,
            draw.random() < 0.7,
            *_votes(draw, rating),
            ANSWERS.get(title, "") if draw.random() < 0.6 else "",
        )


def _pending(shown: Sequence[tuple[int, Draft]], now: datetime) -> Iterator[Row]:
    """The moderator's queue: praise, complaints, questions, spam, and one with a telephone number in it."""
    draw = chance("pending")
    for number, (author, rating, title, body) in enumerate(PENDING):
        rank, draft = draw.choice(shown)
        at = now - timedelta(hours=draw.uniform(1, 90))
        yield (
            mint("review", f"pending {number}"),
            product_id(draft.slug, rank),
            author,
            rating,
            title,
            body,
            "pending",
            at,
            number % 3 == 0,
            0,
            0,
            "",
        )


def _votes(draw: Random, rating: int) -> tuple[int, int]:
    """Complaints are voted on more than praise."""
    most = 9 if rating < 4 else 4
    return max(0, draw.randint(-2, most)), max(0, draw.randint(-4, 2))

from __future__ import annotations

from datetime import timedelta

import pytest

from app.reviews import queries
from app.values import any_bucket, new_id, now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def test_approved_reviews_are_shown_newest_first_and_counted_by_stars() -> None:
    product = await makers.a_product()
    for days, rating in ((3, 5), (2, 5), (1, 2)):
        await makers.a_review(product, rating=rating, title=f"{days} days ago", created_at=now() - timedelta(days=days))
    for state in ("pending", "rejected"):
        await makers.a_review(product, rating=1, state=state)

    view = await queries.reviews_view(product.id)

    assert [review.title for review in view.reviews] == ["1 days ago", "2 days ago", "3 days ago"]
    assert (view.average, view.count, view.bars) == (4.0, 3, [2, 0, 0, 1, 0])


async def test_of_many_reviews_the_newest_are_shown_and_all_are_counted() -> None:
    product = await makers.a_product()
    for days in range(queries.SHOWN + 3):
        await makers.a_review(product, title=str(days), created_at=now() - timedelta(days=days))

    view = await queries.reviews_view(product.id)

    assert [review.title for review in view.reviews] == [str(days) for days in range(queries.SHOWN)]
    assert view.count == queries.SHOWN + 3


async def test_nobody_has_reviewed_it_yet() -> None:
    assert await queries.reviews_view(new_id(any_bucket())) == queries.NO_REVIEWS

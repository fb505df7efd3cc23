from __future__ import annotations

from datetime import timedelta

import pytest

from app.reviews import queries, rules
from app.values import any_bucket, new_id, now
from tests import makers

pytestmark = pytest.mark.usefixtures("databases")


async def test_approved_reviews_are_shown_newest_first_and_counted_by_stars() -> None:
    product = await makers.a_product()
    for days, rating in ((3, 5), (2, 5), (1, 2)):
        await makers.a_review(product, rating=rating, title=f"{days} days ago", created_at=now() - timedelta(days=days))
    for state in ("pending", "rejected"):
        await makers.a_review(product, rating=1, state=state)

    view = await queries.reviews_view(product.id, product.slug)

    assert [review.title for review in view.reviews] == ["1 days ago", "2 days ago", "3 days ago"]
    assert (view.average, view.count, [bar.amount for bar in view.bars]) == (4.0, 3, [2, 0, 0, 1, 0])


async def test_of_many_reviews_the_newest_are_shown_and_all_are_counted() -> None:
    product = await makers.a_product()
    for days in range(rules.FIRST + 3):
        await makers.a_review(product, title=str(days), created_at=now() - timedelta(days=days))

    view = await queries.reviews_view(product.id, product.slug)

    assert [review.title for review in view.reviews] == [str(days) for days in range(rules.FIRST)]
    assert view.count == rules.FIRST + 3


async def test_nobody_has_reviewed_it_yet() -> None:
    view = await queries.reviews_view(new_id(any_bucket()), "mug")

    assert (view.average, view.count, view.reviews, view.next_url) == (None, 0, [], None)


async def test_reviews_are_filtered_by_stars_sorted_by_votes_and_paged() -> None:
    product = await makers.a_product()
    for days in range(rules.PER_PAGE + 2):
        at = now() - timedelta(days=days)
        await makers.a_review(product, title=str(days), created_at=at, helpful=days, unhelpful=20 * (days == 5))
    await makers.a_review(product, rating=1, title="Chipped")

    by_votes = await queries.reviews_page(product.id, "mug", rules.Asked(sort="helpful"))
    last = await queries.reviews_page(product.id, "mug", rules.Asked(stars=5, page=2))
    ones = await queries.reviews_page(product.id, "mug", rules.Asked(stars=1))

    assert [each.title for each in by_votes.reviews][:2] == ["11", "10"] and by_votes.pages == 2
    assert "5" not in [each.title for each in by_votes.reviews]
    assert ([each.title for each in last.reviews], last.total, last.previous_url) == (
        ["10", "11"],
        rules.PER_PAGE + 2,
        "/p/mug/reviews?stars=5",
    )
    assert [each.title for each in ones.reviews] == ["Chipped"]
    assert [bar.url for bar in ones.bars if bar.current] == ["/p/mug/reviews"]
    assert ones.average == last.average

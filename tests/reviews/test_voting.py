from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.db.engines import EVERYONE, all_shards, reading, writing
from app.edge import tags
from app.reviews import operations, pages, purges
from app.reviews.events import ReviewVoted
from app.values import bucket_of, now
from jobs.after import JOBS
from jobs.run import run_row
from tests import makers
from tests.members.people import run_jobs

pytestmark = pytest.mark.usefixtures("databases")


async def votes_of(review_id: UUID) -> tuple[int, int]:
    """As counted by now."""
    await run_jobs("ReviewVoted")
    await operations.count_votes(EVERYONE)
    async with reading(EVERYONE) as db:
        row = await db.fetchrow("SELECT helpful, unhelpful FROM review WHERE id = $1", review_id)
    return row["helpful"], row["unhelpful"]


async def test_a_shopper_votes_once_however_often_they_click() -> None:
    review, ada, bob = (
        await makers.a_review(await makers.a_product()),
        await makers.a_shopper(),
        await makers.a_shopper(),
    )

    await asyncio.gather(*(operations.vote(ada, review, helpful=True) for _ in range(5)))
    await operations.vote(ada, review, helpful=False)
    await operations.vote(bob, review, helpful=False)

    assert await votes_of(review) == (1, 1)
    assert await votes_of(review) == (1, 1)


async def test_a_vote_told_twice_is_counted_once_and_ones_own_not_at_all() -> None:
    ada, bob = await makers.a_shopper(), await makers.a_shopper()
    review = await makers.a_review(await makers.a_product(), shopper_id=ada)
    for shopper in (ada, bob):
        await operations.vote(shopper, review, helpful=True)
    for shard in all_shards():
        async with writing(shard.first) as db:
            rows = await db.fetch(
                "SELECT id FROM outbox WHERE kind = 'ReviewVoted' AND body->>'review_id' = $1", str(review)
            )
        for row in rows:
            assert await run_row(JOBS, bucket_of(row["id"]), row["id"])
            async with writing(shard.first) as db:
                await db.execute("UPDATE outbox SET done_at = NULL, available_at = now() WHERE id = $1", row["id"])

    assert await votes_of(review) == (1, 0)


async def test_the_votes_of_a_moment_purge_one_list_once() -> None:
    product = await makers.a_product()
    review = await makers.a_review(product)
    for shopper in [await makers.a_shopper() for _ in range(5)]:
        await operations.note_vote(ReviewVoted(vote_id=shopper, review_id=review, shopper_id=shopper, helpful=True))
    async with writing(EVERYONE) as db:
        await db.execute("UPDATE outbox SET done_at = now()")
        await db.execute("DELETE FROM review_vote WHERE review_id <> $1 AND NOT counted", review)

    await operations.count_votes(EVERYONE)

    async with reading(EVERYONE) as db:
        bodies = [
            row["body"] for row in await db.fetch("SELECT body FROM outbox WHERE kind = 'changed' AND done_at IS NULL")
        ]
    assert len(bodies) == 1
    assert await purges.tags_of(bodies) == {tags.reviews(product.id)}


async def test_the_form_works_without_javascript_and_in_place(shop: httpx.AsyncClient) -> None:
    product = await makers.a_product()
    review = await makers.a_review(product)
    page = await shop.get(f"/p/{product.slug}/reviews")
    path = f"/reviews/{review}/votes"
    assert f'action="{path}"' in page.text and "set-cookie" not in page.headers

    plain = await shop.post(path, data={"helpful": "yes", "slug": product.slug})
    swapped = await shop.post(path, data={"helpful": "no", "slug": product.slug}, headers={"HX-Request": "true"})

    assert (plain.status_code, plain.headers["location"]) == (303, f"/p/{product.slug}/reviews")
    assert "Thank you" in swapped.text and "set-cookie" not in swapped.headers
    assert await votes_of(review) == (1, 0)
    assert "1 found this helpful" in (await shop.get(f"/p/{product.slug}/reviews")).text


@pytest.mark.parametrize("typed", [{}, {"helpful": "maybe"}, {"helpful": ""}])
async def test_neither_yes_nor_no_counts_as_nothing(shop: httpx.AsyncClient, typed: dict[str, str]) -> None:
    review = await makers.a_review(await makers.a_product())

    assert (await shop.post(f"/reviews/{review}/votes", data=typed)).status_code == 422
    elsewhere = await shop.post(f"/reviews/{review}/votes", data={"helpful": "yes", "slug": "//evil.example"})
    assert elsewhere.headers["location"] == "/"


async def test_one_network_gives_a_review_few_votes_however_many_cookies_it_throws_away(
    shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await makers.a_product()
    review, another = await makers.a_review(product), await makers.a_review(product)
    monkeypatch.setattr(pages, "client_of", lambda request: f"192.0.2.{review}")

    codes = []
    for of in [review] * 7 + [another]:
        shop.cookies.clear()
        codes.append((await shop.post(f"/reviews/{of}/votes", data={"helpful": "yes"})).status_code)

    assert codes == [303] * 5 + [429] * 2 + [303]
    assert await votes_of(review) == (5, 0)


async def test_of_two_reviews_of_one_person_the_later_one_stays() -> None:
    guest, shopper = await makers.a_shopper(), await makers.a_shopper()
    said, again, alone = [await makers.a_product() for _ in range(3)]
    day = timedelta(days=1)
    await makers.a_review(said, shopper_id=shopper, title="First", created_at=now() - day)
    await makers.a_review(said, shopper_id=guest, title="Last")
    await makers.a_review(again, shopper_id=shopper, title="Last")
    await makers.a_review(again, shopper_id=guest, title="First", created_at=now() - day)
    await makers.a_review(alone, shopper_id=guest, title="Last")

    for _ in range(2):
        await operations.hand_over(guest, shopper)

    async with reading(EVERYONE) as db:
        rows = await db.fetch(
            "SELECT shopper_id, title FROM review WHERE product_id = ANY($1)", [said.id, again.id, alone.id]
        )
    assert [(row["shopper_id"], row["title"]) for row in rows] == [(shopper, "Last")] * 3

"""Votes: one for each shopper and review on the shopper's shard; counted in the shared database, those of a moment together."""

from __future__ import annotations

from uuid import UUID

from app.db.engines import EVERYONE, writing
from app.db.outbox import emit
from app.reviews.events import ReviewVoted
from app.values import bucket_of, new_id

VOTED = (
    "INSERT INTO review_vote (id, shopper_id, review_id, helpful) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (shopper_id, review_id) DO NOTHING"
)
# Only of what can be read, and not of one's own.
NOTED = """
    INSERT INTO review_vote (id, review_id, helpful) SELECT $1, id, $3 FROM review
    WHERE id = $2 AND state = 'approved' AND shopper_id IS DISTINCT FROM $4 ON CONFLICT (id) DO NOTHING
"""
COUNTED = """
    WITH open AS (UPDATE review_vote SET counted = true WHERE id IN (
            SELECT id FROM review_vote WHERE NOT counted ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED) RETURNING review_id, helpful),
        sums AS (SELECT review_id, count(*) FILTER (WHERE helpful) AS yes, count(*) FILTER (WHERE NOT helpful) AS no
            FROM open GROUP BY review_id)
    UPDATE review r SET helpful = r.helpful + yes, unhelpful = r.unhelpful + no FROM sums WHERE r.id = sums.review_id
"""


async def vote(shopper_id: UUID, review_id: UUID, *, helpful: bool) -> None:
    """The shopper's first word on a review counts; a second one changes nothing. Emits ReviewVoted."""
    id = new_id(bucket_of(shopper_id))
    async with writing(shopper_id) as db:
        if await db.execute(VOTED, id, shopper_id, review_id, helpful):
            await emit(ReviewVoted(vote_id=id, review_id=review_id, shopper_id=shopper_id, helpful=helpful))


async def note_vote(event: ReviewVoted) -> None:
    """The vote is there to be counted. Twice is once."""
    async with writing(EVERYONE) as db:
        await db.execute(NOTED, event.vote_id, event.review_id, event.helpful, event.shopper_id)


async def count_votes(key: int | str) -> int:
    """What came in since the last time is counted, so that a list is purged once however many voted. Returns how many reviews changed."""
    async with writing(EVERYONE) as db:
        return await db.execute(COUNTED)

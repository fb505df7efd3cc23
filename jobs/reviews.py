from __future__ import annotations

from uuid import UUID

from app.reviews import operations
from app.reviews.events import ReviewVoted


async def note_vote(event: ReviewVoted, row_id: UUID) -> None:
    """A vote is there to be counted. Twice is once."""
    await operations.note_vote(event)

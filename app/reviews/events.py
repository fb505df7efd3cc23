from __future__ import annotations

from uuid import UUID

from app.db.outbox import Event


class ReviewVoted(Event, frozen=True, kw_only=True):
    """A shopper has said whether a review helped; `vote_id` is that of their one vote on it."""

    vote_id: UUID
    review_id: UUID
    shopper_id: UUID
    helpful: bool

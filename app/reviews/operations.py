"""Written in the shared database at once: there the reviews are read, and there alone can one for each shopper and product be kept.

A row of the shopper's shard and an event would say the same a moment later, twice.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, writing
from app.reviews.moderation import EditedMeanwhile, approve, moderate
from app.reviews.voting import count_votes, note_vote, vote
from app.values import any_bucket, new_id

__all__ = [
    "EditedMeanwhile",
    "Written",
    "approve",
    "count_votes",
    "hand_over",
    "moderate",
    "note_vote",
    "submit",
    "vote",
]  # for pages, jobs and the slices to the right


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a shopper says of a product. `verified`: they bought it."""

    product_id: UUID
    shopper_id: UUID
    author: str
    rating: int
    title: str
    body: str
    verified: bool


# The same once more changes nothing, so a second click does not take an approved one down.
SUBMIT = """
    INSERT INTO review AS r (id, product_id, shopper_id, author, rating, title, body, verified) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (shopper_id, product_id) WHERE shopper_id IS NOT NULL DO UPDATE SET author = EXCLUDED.author, rating = EXCLUDED.rating,
        title = EXCLUDED.title, body = EXCLUDED.body, verified = EXCLUDED.verified, created_at = now(),
        state = 'pending', reply = '', reason = '', version = r.version + 1
    WHERE (r.author, r.rating, r.title, r.body) IS DISTINCT FROM (EXCLUDED.author, EXCLUDED.rating, EXCLUDED.title, EXCLUDED.body)
"""


OUTDATED = """
    DELETE FROM review old USING review new WHERE old.product_id = new.product_id
        AND (old.shopper_id, new.shopper_id) IN (($1::uuid, $2::uuid), ($2, $1)) AND (old.created_at, old.id) < (new.created_at, new.id)
"""


async def submit(said: Written) -> None:
    """The shopper's one review of the product says this, and waits for staff to look at it."""
    id = new_id(any_bucket())
    async with writing(EVERYONE) as db:
        await db.execute(
            SUBMIT, id, said.product_id, said.shopper_id, said.author, said.rating, said.title, said.body, said.verified
        )


async def erase_reviews(shopper_id: UUID) -> None:
    """What they said is gone, from pages and ratings, and what they found helpful counts without their name. Twice is once."""
    async with writing(shopper_id, step="erase_votes") as db:
        await db.execute("DELETE FROM review_vote WHERE shopper_id = $1", shopper_id)
    async with writing(EVERYONE, step="erase_reviews") as db:
        await db.execute("DELETE FROM review WHERE shopper_id = $1", shopper_id)


async def hand_over(guest_id: UUID, shopper_id: UUID) -> None:
    """What a guest said is the shopper's they turned out to be; of two on the same product the later one stays. Twice is once."""
    async with writing(EVERYONE) as db:
        await db.execute(OUTDATED, guest_id, shopper_id)
        await db.execute("UPDATE review SET shopper_id = $2 WHERE shopper_id = $1", guest_id, shopper_id)

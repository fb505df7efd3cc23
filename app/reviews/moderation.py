"""What staff decide of a review. The triggers of the review table keep the product's rating in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from app.db.engines import EVERYONE, writing
from app.values import Refusal


class EditedMeanwhile(Refusal):
    say = "Somebody else decided on this review, or its author changed it, after you opened it. Look at it as it is now, then save again."


MODERATED = """
    UPDATE review SET state = $3, reason = $4, reply = $5, moderated_by = $6, moderated_at = now(), version = version + 1
    WHERE id = $1 AND version = $2
"""
APPROVED = """
    UPDATE review r SET state = 'approved', reason = '', moderated_by = $3, moderated_at = now(), version = r.version + 1
    FROM unnest($1::uuid[], $2::int[]) AS picked(id, version) WHERE r.id = picked.id AND r.version = picked.version AND r.state = 'pending'
"""


async def moderate(
    id: UUID, *, version: int, state: Literal["pending", "approved", "rejected"], reason: str, reply: str, by: str
) -> None:
    """The review stands so, with this public answer. Raises EditedMeanwhile when its version is another than the one read."""
    async with writing(EVERYONE) as db:
        if not await db.execute(MODERATED, id, version, state, reason, reply, by):
            raise EditedMeanwhile


async def approve(picked: Sequence[tuple[UUID, int]], *, by: str) -> int:
    """Those of these (id, version) that still wait and still say what was read are public. Returns how many."""
    async with writing(EVERYONE) as db:
        return await db.execute(APPROVED, [id for id, _ in picked], [version for _, version in picked], by)

"""What staff decide of a review. The triggers of the review table keep the product's rating in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from app.db.edits import Change, note_edit
from app.db.engines import EVERYONE, writing
from app.values import Refusal


class EditedMeanwhile(Refusal):
    say = "Somebody else decided on this review, or its author changed it, after you opened it. Look at it as it is now, then save again."


MODERATED = """
    UPDATE review SET state = $3, reason = $4, reply = $5, moderated_by = $6, moderated_at = now(), version = version + 1
    FROM (SELECT r.id AS was_id, r.state AS was, r.reply AS answered, p.title AS product
        FROM review r JOIN product p ON p.id = r.product_id WHERE r.id = $1 FOR UPDATE OF r) before WHERE id = was_id AND version = $2
    RETURNING was, answered, product
"""
APPROVED = """
    UPDATE review r SET state = 'approved', reason = '', moderated_by = $3, moderated_at = now(), version = r.version + 1
    FROM unnest($1::uuid[], $2::int[]) AS picked(id, version) WHERE r.id = picked.id AND r.version = picked.version AND r.state = 'pending'
    RETURNING r.id, (SELECT p.title FROM product p WHERE p.id = r.product_id) AS product
"""


async def moderate(
    id: UUID,
    *,
    version: int,
    state: Literal["pending", "approved", "rejected"],
    reason: str,
    reply: str,
    by: str,
    email: str,
) -> None:
    """The review stands so, with this public answer; `by` a name, with an `email` for the list of edits. Raises EditedMeanwhile when its version is another than the one read."""
    async with writing(EVERYONE) as db:
        old = await db.fetchrow(MODERATED, id, version, state, reason, reply, by)
        if old is None:
            raise EditedMeanwhile
        fields = (("State", old["was"], f"{state} {reason}".strip()), ("Answer", old["answered"], reply))
        changes = [Change(field=field, before=was, after=now) for field, was, now in fields if was != now]
        about = {
            "which": id,
            "title": old["product"],
            "changes": changes,
        }  # nothing of what its author wrote, who may be erased
        await note_edit(db, by=email, what="review", did="changed", **about)


async def approve(picked: Sequence[tuple[UUID, int]], *, by: str, email: str) -> int:
    """Those of these (id, version) that still wait and still say what was read are public. Returns how many."""
    async with writing(EVERYONE) as db:
        done = await db.fetch(APPROVED, [id for id, _ in picked], [version for _, version in picked], by)
        state = [Change(field="State", before="pending", after="approved")]
        for row in done:
            about = {"which": row["id"], "title": row["product"], "changes": state}
            await note_edit(db, by=email, what="review", did="changed", **about)
    return len(done)

"""What a shopper thought of others' reviews, for them to take along."""

from __future__ import annotations

from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, reading


class OwnVote(msgspec.Struct, frozen=True, kw_only=True):
    """What a shopper thought of somebody's review. `review`: its title; empty when it is gone."""

    review: str
    product: str
    helpful: bool


VOTED = "SELECT r.id, r.title AS review, p.title AS product FROM review r JOIN product p ON p.id = r.product_id WHERE r.id = ANY($1)"


async def own_votes(shopper_id: UUID) -> list[OwnVote]:
    """Every vote this shopper has given, in two reads."""
    async with reading(shopper_id) as db:
        sql = "SELECT review_id, helpful FROM review_vote WHERE shopper_id = $1 ORDER BY id"
        votes = {row["review_id"]: row["helpful"] for row in await db.fetch(sql, shopper_id)}
    async with reading(EVERYONE) as db:
        about = {row["id"]: row for row in await db.fetch(VOTED, list(votes))} if votes else {}
    gone = {"review": "", "product": ""}
    return [
        OwnVote(helpful=helpful, **{name: about.get(id, gone)[name] for name in gone}) for id, helpful in votes.items()
    ]

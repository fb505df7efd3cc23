"""What merchandisers do to collections: name them, say by which rule they fill, or choose and order products by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.catalog.cards import CARD_OF_X, MEMBERS, card_of
from app.catalog.views import Card
from app.db.edits import Did, note_edit
from app.db.engines import EVERYONE, Database, reading, writing
from app.values import Refusal, any_bucket, new_id

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST = 300  # products that somebody puts into an order by hand


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """A collection as its form says it. `rule`: as in `collection.rule`, or None for one made by hand, of these products."""

    slug: str
    title: str
    summary: str
    rule: dict[str, Any] | None
    products: list[UUID] = []


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule finds now: how many products, and the first cards."""

    many: int
    cards: list[Card]


class CollectionChanged(Refusal):
    say = "Somebody else saved this collection after you opened it. Look at their changes, then save yours again."


class NoSuchCollection(Refusal):
    say = "This collection does not exist any more."
    status = 404


class NeedsName(Refusal):
    say = "A collection needs a title of 1 to 120 characters, and has a summary of at most 2,000."
    status = 422


class BadListAddress(Refusal):
    say = "An address has lower-case letters, digits and single hyphens, at most 80 of them."
    status = 422


class ListAddressTaken(Refusal):
    say = "Another collection or a category has this address."
    status = 422


class BadRule(Refusal):
    say = "Choose what the rule asks for."
    status = 422


class BadChoice(Refusal):
    say = f"At most {MOST} products that exist, each once."
    status = 422


MARK = """SELECT md5(c::text || coalesce((SELECT string_agg(h::text, '|' ORDER BY h.position, h.id) FROM collection_product h
    WHERE h.collection_id = c.id), '')) FROM collection c WHERE c.id = $1"""
SAVE = """
    INSERT INTO collection (id, slug, title, summary, kind, rule, position)
    VALUES ($1, $2, $3, $4, $5, $6, (SELECT coalesce(max(position) + 1, 0) FROM collection))
    ON CONFLICT (id) DO UPDATE SET (slug, title, summary, kind, rule) =
        (EXCLUDED.slug, EXCLUDED.title, EXCLUDED.summary, EXCLUDED.kind, EXCLUDED.rule)
"""
TAKEN = """
    SELECT EXISTS (SELECT FROM collection WHERE slug = $1 AND id <> $2) OR EXISTS (SELECT FROM category WHERE path = $1)
"""
# Rows that stay as they are are not touched, so that nothing is purged for them.
MOVE = """
    UPDATE collection_product h SET position = w.at - 1 FROM unnest($2::uuid[]) WITH ORDINALITY w(id, at)
    WHERE h.collection_id = $1 AND h.product_id = w.id AND h.position <> w.at - 1
"""
ADD = """
    INSERT INTO collection_product (id, collection_id, product_id, position)
    SELECT gen_random_uuid(), $1, w.id, w.at - 1 FROM unnest($2::uuid[]) WITH ORDINALITY w(id, at)
    WHERE NOT EXISTS (SELECT FROM collection_product h WHERE h.collection_id = $1 AND h.product_id = w.id)
"""
PREVIEW = f"""
    SELECT card.*, x.many FROM (
        SELECT h.id, h.place, count(*) OVER () AS many
        FROM (SELECT NULL::uuid AS id, 'rule' AS kind, $1::jsonb AS rule) c CROSS JOIN LATERAL ({MEMBERS}) h
        ORDER BY h.place, h.id LIMIT $2
    ) x CROSS JOIN {CARD_OF_X} ORDER BY x.place, x.id
"""  # noqa: S608 - constants


async def save_collection(collection_id: UUID | None, wanted: Collected, *, mark: str, by: str) -> UUID:
    """The collection is as wanted; a new one without an id. Returns its id. Triggers note which pages must go.

    `mark`: of the state that was read. Raises CollectionChanged, NoSuchCollection, NeedsName, BadListAddress,
    ListAddressTaken, BadRule, BadChoice.
    """
    _judge(wanted)
    id = collection_id or new_id(any_bucket())
    async with writing(EVERYONE) as db:
        if collection_id:
            await _lock(db, collection_id, mark)
        if await db.fetchval(TAKEN, wanted.slug, id):
            raise ListAddressTaken
        how = ("rule", wanted.rule) if wanted.rule else ("manual", {})
        await db.execute(SAVE, id, wanted.slug, wanted.title, wanted.summary, *how)
        await _put(db, id, [] if wanted.rule else wanted.products)
        did: Did = "changed" if collection_id else "created"
        await note_edit(db, by=by, what="collection", which=id, did=did, title=wanted.title)
    return id


async def _lock(db: Database, collection_id: UUID, mark: str) -> None:
    await db.execute("SELECT FROM collection WHERE id = $1 FOR UPDATE", collection_id)
    present = await db.fetchval(MARK, collection_id)
    if present is None:
        raise NoSuchCollection
    if present != mark:
        raise CollectionChanged


async def _put(db: Database, collection_id: UUID, products: Sequence[UUID]) -> None:
    """These products, in this order."""
    known = await db.fetchval("SELECT count(*) FROM product WHERE id = ANY($1)", list(products)) if products else 0
    if known != len(products):
        raise BadChoice
    gone = "DELETE FROM collection_product WHERE collection_id = $1 AND product_id <> ALL($2)"
    for sql in (gone, MOVE, ADD):
        await db.execute(sql, collection_id, list(products))


async def delete_collection(collection_id: UUID, *, mark: str, by: str) -> None:
    """It is gone, its products are not. Raises CollectionChanged, NoSuchCollection."""
    async with writing(EVERYONE) as db:
        await _lock(db, collection_id, mark)
        title = await db.fetchval("DELETE FROM collection WHERE id = $1 RETURNING title", collection_id)
        await note_edit(db, by=by, what="collection", which=collection_id, did="deleted", title=title)


def _judge(wanted: Collected) -> None:
    if not 1 <= len(wanted.title) <= 120 or len(wanted.summary) > 2000:
        raise NeedsName
    if not SLUG.fullmatch(wanted.slug) or len(wanted.slug) > 80:
        raise BadListAddress
    if len(wanted.products) > MOST or len(set(wanted.products)) != len(wanted.products):
        raise BadChoice
    if wanted.rule is not None:
        judge_rule(wanted.rule)


def judge_rule(rule: dict[str, Any]) -> None:
    """Raises BadRule for what MEMBERS can't run, in words."""
    match rule:
        case {"kind": "on_sale" | "last_few"}:
            return
        case {"kind": "new", "days": int(days)}:
            if not 1 <= days <= 365:
                raise BadRule("Type a number of days from 1 to 365.")
        case {"kind": "under" | "from", "amount": int(amount)}:
            if not 1 <= amount <= 10**9:
                raise BadRule("Type a price.")
        case {"kind": "rating", "stars": int(stars)}:
            if not 1 <= stars <= 5:
                raise BadRule("Type a number of stars from 1 to 5.")
        case {"kind": "category" | "maker" as kind, **which}:
            if set(which) != {kind} or not ID.fullmatch(str(which[kind])):
                raise BadRule(f"Choose a {kind}.")
        case {"kind": "attribute", "code": str(code), "value": str() | bool() | int() | float() as value}:
            if not code or len(code) > 60 or value == "" or len(str(value)) > 80:
                raise BadRule("Choose an attribute and type the value that products must have.")
        case _:
            raise BadRule


async def preview(rule: dict[str, Any], most: int) -> Preview:
    """What a rule would show now. Raises BadRule."""
    judge_rule(rule)
    async with reading(EVERYONE) as db:
        rows = await db.fetch(PREVIEW, rule, most)
    return Preview(many=rows[0]["many"] if rows else 0, cards=[card_of(row) for row in rows])

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.db.edits import Did, note_edit
from app.db.engines import EVERYONE, Database, writing
from app.inventory import operations as inventory
from app.promotions import rules
from app.promotions.rules import tidy_code
from app.promotions.terms import Terms
from app.promotions.views import Use
from app.settings import settings
from app.values import CROCKFORD, Refusal, any_bucket, new_id

__all__ = ["Draft", "Terms", "change", "create", "end", "generate", "open_limits", "tally", "tidy_code"]

AT_ONCE = 10_000  # codes that are generated in one go
MOST_CODES = 200_000  # of one promotion
RANDOM_CHARS = 8  # 40 bits a code: whoever may try 20 an hour finds none of 200,000 in a lifetime


class EditedMeanwhile(Refusal):
    say = "Somebody else saved this promotion after you opened it. Look at their changes, then save yours again."


class NoSuchPromotion(Refusal):
    say = "This promotion does not exist any more."
    status = 404


class CodeTaken(Refusal):
    say = "Another promotion has this code."
    status = 422


class NotThatManyCodes(Refusal):
    say = f"Between 1 and {AT_ONCE:,} codes at a time, and at most {MOST_CODES:,} in all."
    status = 422


class NotForCodes(Refusal):
    say = "Only a promotion with codes for one use each can have them generated."
    status = 422


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What staff say of a promotion. `code`: of one with the trigger `code`; a trigger never changes."""

    title: str
    state: Literal["draft", "active", "ended"]
    trigger: Literal["automatic", "code", "codes"]
    code: str
    starts_at: datetime | None
    ends_at: datetime | None
    priority: int
    combines: bool
    terms: Terms
    most_uses: int | None
    most_each: int | None


SAVED = """
    title = $2, state = $3, starts_at = $4, ends_at = $5, priority = $6, combines = $7, terms = $8, most_uses = $9,
    most_each = $10, changed_by = $11
"""
CREATE = """
    INSERT INTO promotion (id, title, state, starts_at, ends_at, priority, combines, terms, most_uses, most_each, changed_by,
        trigger, currency) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
CHANGE = f"""
    UPDATE promotion SET {SAVED}, version = version + 1, updated_at = now() WHERE id = $1 AND version = $12
    RETURNING trigger, version
"""  # noqa: S608 - our own words

TALLY = """
    INSERT INTO promotion_tally AS t (promotion_id, orders, given)
    SELECT n.* FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS n(promotion_id, orders, given)
    JOIN promotion p ON p.id = n.promotion_id ORDER BY n.promotion_id
    ON CONFLICT (promotion_id) DO UPDATE SET orders = t.orders + EXCLUDED.orders, given = t.given + EXCLUDED.given
"""  # ordered, so that two relays never wait for each other


async def create(draft: Draft, *, by: str) -> UUID:
    """The promotion exists. Returns its id. Raises CodeTaken."""
    id = new_id(any_bucket())
    async with writing(EVERYONE) as db:
        await db.execute(CREATE, id, *_columns(draft), by, draft.trigger, settings().currency)
        await _name(db, id, draft.trigger, draft.code)
        await _note(db, id, "created", by)
    await _limit(id, draft.most_uses, version=1)
    return id


async def change(promotion_id: UUID, draft: Draft, *, version: int, by: str) -> None:
    """It is as staff say from now on. Raises EditedMeanwhile, NoSuchPromotion, CodeTaken."""
    async with writing(EVERYONE) as db:
        changed = await db.fetchrow(CHANGE, promotion_id, *_columns(draft), by, version)
        if changed is None:
            known = await db.fetchval("SELECT 1 FROM promotion WHERE id = $1", promotion_id)
            raise EditedMeanwhile if known else NoSuchPromotion
        await _name(db, promotion_id, changed["trigger"], draft.code)
        await _note(db, promotion_id, "changed", by)
    await _limit(promotion_id, draft.most_uses, version=changed["version"])


async def end(promotion_id: UUID, *, by: str) -> None:
    """It applies to nothing any more; orders that took it off keep it. Ending it again changes nothing."""
    async with writing(EVERYONE) as db:
        ended = await db.execute(
            "UPDATE promotion SET state = 'ended', ends_at = CASE WHEN coalesce(starts_at, '-infinity') < now()"
            " THEN least(ends_at, now()) ELSE ends_at END, version = version + 1, updated_at = now(), changed_by = $2"
            " WHERE id = $1 AND state <> 'ended'",
            promotion_id, by,
        )  # fmt: skip
        if ended:
            await _note(db, promotion_id, "changed", by)


async def generate(promotion_id: UUID, many: int, *, prefix: str, batch: UUID, by: str) -> int:
    """So many more codes work, once each; the same `batch` is generated once. Returns how many there are in all.

    Raises NotThatManyCodes, NotForCodes.
    """
    async with writing(EVERYONE) as db:
        trigger = await db.fetchval("SELECT trigger FROM promotion WHERE id = $1 FOR UPDATE", promotion_id)
        if trigger != "codes":
            raise NotForCodes
        there = await db.fetchval("SELECT count(*) FROM promotion_code WHERE promotion_id = $1", promotion_id)
        if await db.fetchval(
            "SELECT EXISTS (SELECT FROM promotion_code WHERE promotion_id = $1 AND batch = $2)", promotion_id, batch
        ):
            return there
        if not 1 <= many <= AT_ONCE or there + many > MOST_CODES:
            raise NotThatManyCodes
        missing = many
        while missing:
            codes = [prefix + "".join(secrets.choice(CROCKFORD) for _ in range(RANDOM_CHARS)) for _ in range(missing)]
            missing -= await db.execute(
                "INSERT INTO promotion_code (code, promotion_id, batch) SELECT code, $1, $2 FROM unnest($3::text[]) code"
                " ON CONFLICT DO NOTHING",
                promotion_id, batch, codes,
            )  # fmt: skip
        await _note(db, promotion_id, "changed", by)
    return there + many


async def open_limits(uses: Iterable[Use]) -> None:
    """Each use has a counter that knows today's limit, so that an order can reserve it. Repeating costs a read each.

    Whoever has read an older version of the promotion than the counter knows changes nothing.
    """
    for use in uses:
        await inventory.limit(use.name, use.most, customer=use.customer, version=use.version)


async def tally(db: Database, more: Mapping[UUID, tuple[int, int]]) -> None:
    """So many more orders, and so much more taken off, by promotion (both may be negative), in the caller's transaction."""
    if more:
        await db.execute(TALLY, *map(list, zip(*((id, *each) for id, each in more.items()), strict=True)))


def _columns(draft: Draft) -> tuple[object, ...]:
    return (
        draft.title, draft.state, draft.starts_at, draft.ends_at, draft.priority, draft.combines,
        msgspec.to_builtins(draft.terms), draft.most_uses, draft.most_each,
    )  # fmt: skip


async def _name(db: Database, promotion_id: UUID, trigger: str, code: str) -> None:
    """A promotion of the trigger `code` has this one and no other."""
    if trigger != "code":
        return
    await db.execute("DELETE FROM promotion_code WHERE promotion_id = $1 AND code <> $2", promotion_id, code)
    await db.execute(
        "INSERT INTO promotion_code (code, promotion_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", code, promotion_id
    )
    owner = await db.fetchval("SELECT promotion_id FROM promotion_code WHERE code = $1", code)
    if owner != promotion_id:
        raise CodeTaken


async def _note(db: Database, id: UUID, did: Did, by: str) -> None:
    title = await db.fetchval("SELECT title FROM promotion WHERE id = $1", id)
    await note_edit(db, by=by, what="promotion", which=id, did=did, title=title)


async def _limit(promotion_id: UUID, most: int | None, *, version: int) -> None:
    if most is not None:
        await inventory.limit(rules.limit_name(promotion_id), most, version=version)

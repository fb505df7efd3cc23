"""The provider's list against our rows: every payment there has exactly one attempt here, of equal amount, and vice versa."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from app.db.engines import all_shards, reading
from app.db.sharding import Shard, shard_of
from app.payments import queries, rules
from app.payments.gateway import Booked, Gateway
from app.payments.minor import in_words
from app.payments.queries import Attempt
from app.settings import settings
from app.values import HOUR, bucket_of, minted_at

CHUNK = 200
OPEN_REFUNDS = (
    "SELECT DISTINCT attempt_id FROM refund WHERE attempt_id = ANY($1) AND status IN ('created', 'sending', 'unknown')"
)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What the two sides say differently of one payment. `repair`: look | capture | void | refunds | outside; empty: a person decides."""

    words: str
    repair: str = ""
    attempt_id: UUID | None = None
    order_id: UUID | None = None
    reference: str = ""


async def differences(code: str, gateway: Gateway, *, since: datetime, grace: float) -> AsyncIterator[Difference]:
    """Everything that does not match of the payments begun since then; what moved less than `grace` seconds ago is under way."""
    seen: set[UUID] = set()
    chunk: list[Booked] = []
    async for booked in gateway.list_since(
        since - timedelta(seconds=HOUR)
    ):  # clocks differ; ours is not missed for that
        if booked.attempt_id in seen:
            yield Difference(
                words="It is in the provider's list twice.", attempt_id=booked.attempt_id, reference=booked.reference
            )
        elif booked.attempt_id:
            seen.add(booked.attempt_id)
            chunk.append(booked)
        if len(chunk) == CHUNK:
            async for each in _compared(chunk, grace):
                yield each
            chunk = []
    async for each in _compared(chunk, grace):
        yield each
    async for attempt in _ours(code):
        if attempt.id not in seen and minted_at(attempt.id) >= since and attempt.idle >= grace:
            yield _about(attempt, f"It is {attempt.status} here; the provider's list has no such payment.")


async def _compared(chunk: Sequence[Booked], grace: float) -> AsyncIterator[Difference]:
    by_shard: dict[Shard, list[Booked]] = defaultdict(list)
    for booked in chunk:
        assert booked.attempt_id is not None
        by_shard[shard_of(bucket_of(booked.attempt_id), all_shards())].append(booked)
    for shard, rows in by_shard.items():
        ids = [booked.attempt_id for booked in rows]
        async with reading(shard.first) as db:
            known = {attempt.id: attempt for attempt in await queries.attempts_among(db, ids)}
            refunding = {row["attempt_id"] for row in await db.fetch(OPEN_REFUNDS, ids)}
        for booked in rows:
            attempt = known.get(booked.attempt_id) if booked.attempt_id else None
            if attempt is None and booked.shop not in ("", settings().public_origin):
                continue
            if attempt is None:
                words = f"{in_words(booked.amount, booked.currency)} {booked.state}; no attempt of ours."
                yield Difference(words=words, attempt_id=booked.attempt_id, reference=booked.reference)
                continue
            told = compare(booked, attempt, refunding=attempt.id in refunding)
            if told and (attempt.frozen or attempt.idle >= grace):
                yield _about(attempt, told[0], repair=told[1], reference=booked.reference)


async def _ours(code: str) -> AsyncIterator[Attempt]:
    for shard in all_shards():
        after = UUID(int=0)
        while True:
            async with reading(shard.first) as db:
                rows = await queries.paid_after(db, code, after, CHUNK)
            for attempt in rows:
                yield attempt
            if not rows:
                break
            after = rows[-1].id


def _about(attempt: Attempt, words: str, *, repair: str = "", reference: str = "") -> Difference:
    return Difference(
        words=words,
        repair=repair,
        attempt_id=attempt.id,
        order_id=attempt.order_id,
        reference=reference or attempt.reference,
    )


def compare(booked: Booked, ours: Attempt, *, refunding: bool) -> tuple[str, str] | None:
    """What differs, in words, and the repair that is safe. `refunding`: a refund of ours is not decided."""
    if ours.frozen:
        return ours.frozen, "" if ours.status == "authorised" else "look"  # a failed capture: a person decides
    if (booked.amount, booked.currency) != (ours.amount, ours.currency):
        there, here = in_words(booked.amount, booked.currency), in_words(ours.amount, ours.currency)
        return f"{there} at the provider, {here} here.", ""
    if ours.captured and ours.status != "voided":
        return _captured(booked, ours, refunding=refunding)
    if ours.voiding and ours.status != "voided":
        return f"It is {booked.state} at the provider and is to go back.", "void"
    return _authorised(booked, ours) if ours.status == "authorised" else _dead(booked, ours)


def _dead(booked: Booked, ours: Attempt) -> tuple[str, str] | None:
    """An attempt of which the shop believes that it brings nothing, or not yet."""
    if booked.state == "voided" and (ours.status == "voided" or ours.status in rules.OVER):
        return None
    if ours.status == "voided":
        return f"It was voided here and is {booked.state} at the provider.", ""
    return f"It is {booked.state} at the provider and {ours.status} here.", "look"


def _authorised(booked: Booked, ours: Attempt) -> tuple[str, str] | None:
    if ours.capturing and booked.state in ("authorised", "captured"):
        return f"It is {booked.state} at the provider and is to be captured.", "capture"
    if booked.state == "authorised":
        return None
    words = f"It is authorised here and {booked.state} at the provider, which nobody here has asked for."
    return words, "look" if booked.state == "voided" else ""


def _captured(booked: Booked, ours: Attempt, *, refunding: bool) -> tuple[str, str] | None:
    """Amounts that the provider has rounded are the same."""
    if booked.state != "captured":
        return f"It is captured here and {booked.state} at the provider.", ""
    if abs(booked.captured - ours.captured) >= booked.unit:
        there, here = in_words(booked.captured, booked.currency), in_words(ours.captured, ours.currency)
        return f"{there} captured at the provider, {here} here.", ""
    if booked.disputed and not ours.dispute:
        return "It is disputed at the provider, and nobody here has heard of it.", "outside"
    if abs(booked.refunded - ours.refunded) < booked.unit and not refunding:
        return None
    there, here = in_words(booked.refunded, booked.currency), in_words(ours.refunded, ours.currency)
    return (
        f"{there} refunded at the provider, {here} here.",
        "refunds" if refunding else "outside" if booked.refunded > ours.refunded else "",
    )

"""The daily look at everything: what must be true of all orders, and the provider's list against ours. Staff read what it found."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from app.admin.checkups import Finding
from app.db.engines import EVERYONE, writing
from app.logs import log
from app.ops.reconciling import NoBooks, reconcile
from app.ops.verify import verify
from app.settings import settings
from app.values import any_bucket, new_id, seconds

BOUND = 1800.0  # seconds it may take; one that has no end by then is nobody's, and another may begin
BACK = timedelta(days=8)  # payments begun since then are compared: an authorisation lasts seven days
MOST = 50  # findings that are kept
ALONE = "SELECT pg_advisory_xact_lock(hashtext('vitrine checkup'))"
BEGIN = """
    INSERT INTO checkup (id) SELECT $1 WHERE NOT EXISTS (SELECT FROM checkup
        WHERE began_at > clock_timestamp() - CASE WHEN ended_at IS NULL THEN $3::interval ELSE $2::interval END)
"""
END = "UPDATE checkup SET ended_at = clock_timestamp(), found = $2 WHERE id = $1 AND ended_at IS NULL"
FORGET = "DELETE FROM checkup WHERE began_at < clock_timestamp() - interval '90 days'"


async def begin() -> UUID | None:
    """A checkup that is due is the caller's to carry out; None when none is due, or somebody else has it."""
    id = new_id(any_bucket())
    async with writing(EVERYONE) as db:
        await db.execute(ALONE)
        await db.execute(FORGET)
        begun = await db.execute(BEGIN, id, seconds(settings().check_seconds), seconds(BOUND))
    return id if begun else None


async def carry_out(id: UUID) -> list[Finding]:
    """Looks at everything and keeps what is not true: an error in the log, and on the admin's first page."""
    found = [*await _asked(_promises, "orders and stock"), *await _asked(_books, "the provider's books")]
    for each in found:
        log.error("checkup: not true", what=each.words, many=each.many, examples=each.examples)
    async with writing(EVERYONE) as db:
        await db.execute(END, id, msgspec.to_builtins(found[:MOST]))
    return found


async def _asked(question: Callable[[], Awaitable[list[Finding]]], about: str) -> list[Finding]:
    """What can't be looked at is a finding, too: the other half is looked at all the same."""
    try:
        return await question()
    except Exception as why:
        log.exception("checkup could not look", about=about)
        return [Finding(words=f"It could not be looked at {about}: {why!r}"[:300])]


async def _promises() -> list[Finding]:
    return [
        Finding(words=each.name, many=each.violations, examples=list(each.examples))
        for each in await verify()
        if each.violations
    ]


async def _books() -> list[Finding]:
    """Nothing is repaired: what can be found out safely the sweeps have tried all day, so a person should know first."""
    try:
        report = await reconcile(datetime.now(UTC) - BACK, repair=False)
    except NoBooks:
        return []
    return [
        Finding(words=f"{each.order} {each.words}".strip(), examples=[each.reference] if each.reference else [])
        for each in report.differences
    ]


if __name__ == "__main__":  # a process of its own, which the relay starts: see jobs/checkups.py
    from app.ops.surroundings import answered

    answered(carry_out(UUID(sys.argv[1])))

"""What the last look at all promises and at the provider's books has found, for staff."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.db.engines import EVERYONE, reading
from app.settings import settings
from app.values import seconds

LAST = """
    SELECT began_at, extract(epoch FROM ended_at - began_at)::float8 AS took, found,
        began_at < clock_timestamp() - 2 * $1::interval AS late
    FROM checkup WHERE ended_at IS NOT NULL ORDER BY began_at DESC LIMIT 1
"""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not true, of how many things, and some of them."""

    words: str
    many: int = 1
    examples: list[str] = []


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """When, for how many seconds, and what was found. `late`: there should have been another one since."""

    began_at: datetime
    took: float
    found: list[Finding]
    late: bool


async def last_checkup() -> Checkup | None:
    """The last one that came to its end."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(LAST, seconds(settings().check_seconds))
    return msgspec.convert(dict(row), Checkup) if row else None

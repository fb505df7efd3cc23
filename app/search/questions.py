"""What was asked lately, for merchandisers."""

from __future__ import annotations

import msgspec

from app.db.engines import EVERYONE, reading

ASKED = """
    SELECT query, sum(asked)::int AS asked, count(*)::int AS days, (array_agg(found ORDER BY day DESC) FILTER (WHERE found IS NOT NULL))[1] AS found
    FROM search_day WHERE day > current_date - $1::int GROUP BY query
    HAVING NOT $2 OR (array_agg(found ORDER BY day DESC) FILTER (WHERE found IS NOT NULL))[1] = 0
    ORDER BY 2 DESC, query LIMIT $3
"""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """How often something was asked, on how many days, and how many products answered it when last looked at."""

    query: str
    asked: int
    days: int
    found: int | None


async def questions(days: int, *, unanswered: bool, most: int) -> list[Question]:
    """What was asked in the last `days`, most often first; with `unanswered` only what found nothing."""
    async with reading(EVERYONE) as db:
        return [Question(**row) for row in await db.fetch(ASKED, days, unanswered, most)]

"""What shoppers ask, counted for merchandisers: a question, a day, a number; of who asked there is nothing to keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from app.db.engines import EVERYONE, writing
from app.search import rules
from app.search.queries import found_by
from app.values import any_bucket, new_id

MOST_A_DAY = 5_000  # different questions; whoever makes them up fills no table
MOST_LOOKED_UP = 200  # questions of one round for which it is worked out how many products answer
PERSONAL = re.compile(r"@|\d[\d ]{5,}\d")  # an address, or a number as long as a telephone's: not for anybody's list

COUNT = """
    INSERT INTO search_day (id, day, query, asked, found)
    SELECT n.id, n.day, n.query, n.asked, n.found FROM unnest($1::uuid[], $2::date[], $3::text[], $4::int[], $5::int[]) n(id, day, query, asked, found)
    WHERE EXISTS (SELECT FROM search_day s WHERE s.day = n.day AND s.query = n.query)
        OR (SELECT count(*) FROM search_day s WHERE s.day = n.day) < $6
    ORDER BY n.day, n.query
    ON CONFLICT (day, query) DO UPDATE SET asked = search_day.asked + EXCLUDED.asked, found = coalesce(EXCLUDED.found, search_day.found)
"""


def countable(typed: str) -> str | None:
    """Under what a question is counted; None for none, and for what may be somebody's own."""
    asked = rules.asked_as(typed)
    return None if not rules.words_of(asked) or PERSONAL.search(asked) else asked


async def counted_to(node: str) -> datetime | None:
    """Until when the visits of this edge node have been counted."""
    async with writing(EVERYONE) as db:
        return await db.fetchval("SELECT counted_to FROM search_log WHERE node = $1", node)


async def count(asked: Mapping[tuple[date, str], int], *, node: str, upto: datetime) -> None:
    """So many more of each question, and the node is counted `upto`, in one transaction: a crash counts nothing twice."""
    lookups = {query: 0 for _, query in list(asked)[:MOST_LOOKED_UP]}
    found: dict[str, int | None] = {query: await found_by(query) for query in lookups}
    rows = [(new_id(any_bucket()), day, query, many, found.get(query)) for (day, query), many in asked.items()]
    async with writing(EVERYONE) as db:
        if rows:
            await db.execute(COUNT, *map(list, zip(*rows, strict=True)), MOST_A_DAY)
        await db.execute(
            "INSERT INTO search_log (node, counted_to) VALUES ($1, $2) "
            "ON CONFLICT (node) DO UPDATE SET counted_to = greatest(search_log.counted_to, EXCLUDED.counted_to)",
            node, upto,
        )  # fmt: skip


async def forget(days: int) -> int:
    """What was asked more than so many days ago is forgotten."""
    async with writing(EVERYONE) as db:
        return await db.execute("DELETE FROM search_day WHERE day < current_date - $1::int", days)

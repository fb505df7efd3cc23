"""At most so many uses: of a code, of a drop, per customer. A limit is stock that no page shows, counted by the same lock."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.db.engines import writing
from app.inventory import rules
from app.inventory.reservations import NotThatMany, Pair


async def limit(name: str, most: int, *, customer: str = "", version: int | None = None) -> UUID:
    """From now on there are at most `most` uses in all: of `name`, or of `name` by one customer. Returns the limit's id.

    An order names it as a line, (id, units), beside its goods: `reserve`, `pin`, `claim` and `release` do the rest, and
    `sold_out` means used up. Uses there have been count; those under way stay. Saying it again costs one read.
    `version`: of what says so (1, 2, ...): older ones than the limit knows change nothing. Without one the last word counts.
    Raises NotThatMany.
    """
    if not 0 <= most <= rules.MOST_UNITS:
        raise NotThatMany
    id = rules.limit_id(name, customer)
    async with writing(id, step="limit") as db:
        await db.execute("SELECT set_limit($1, $2, $3)", id, most, version)
    return id


async def give_back(uses: Iterable[Pair]) -> None:
    """These uses (limit, reservation) can be had again, even those that were claimed. Twice is once."""
    for limit_id, reservation_id in uses:
        async with writing(limit_id, step="give_back") as db:
            await db.execute("SELECT give_back($1, $2)", limit_id, reservation_id)

"""Lower prices from a quantity on: what staff may ask for, and how it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from app.db.engines import Database
from app.settings import settings
from app.values import Refusal, any_bucket, new_id

Breaks = Sequence[tuple[int, int]]  # (from so many units on, what each of them costs in minor units)
MOST_BREAKS = 6  # as many as a product's page can show in a glance
MOST_UNITS = 99  # as many as a line of a cart holds

WRITE = """
    WITH gone AS (DELETE FROM price WHERE variant_id = $1 AND market = $2 AND min_quantity > 1 AND min_quantity <> ALL($4::int[]))
    INSERT INTO price (id, variant_id, market, currency, amount, min_quantity)
    SELECT b.id, v.id, $2, p.currency, b.amount, b.units
    FROM unnest($3::uuid[], $4::int[], $5::bigint[]) AS b(id, units, amount), variant v JOIN product p ON p.id = v.product_id
    WHERE v.id = $1
    ON CONFLICT (variant_id, market, min_quantity) DO UPDATE SET amount = EXCLUDED.amount
"""


class BadBreaks(Refusal):
    status = 422


def judge_breaks(breaks: Breaks, price: int) -> None:
    """Raises BadBreaks. `price`: of a single unit; a break that is not below it would never be shown or charged."""
    if len(breaks) > MOST_BREAKS:
        raise BadBreaks(f"At most {MOST_BREAKS} of them.")
    if any(not 2 <= units <= MOST_UNITS for units, _ in breaks):
        raise BadBreaks(f"From 2 to {MOST_UNITS} units on.")
    steps = [(1, price), *breaks]
    if any(after[0] <= before[0] for before, after in pairwise(steps)):
        raise BadBreaks("Each from more units on than the one before.")
    if any(not 0 <= after[1] < before[1] for before, after in pairwise(steps)):
        raise BadBreaks("Each costs less than the one before, and the first less than a single one.")


async def write_breaks(db: Database, variant_id: UUID, breaks: Breaks) -> None:
    """These are the variant's lower prices in this market, and no others; in the caller's transaction."""
    units, amounts = [many for many, _ in breaks], [amount for _, amount in breaks]
    ids = [new_id(any_bucket()) for _ in breaks]
    await db.execute(WRITE, variant_id, settings().market, ids, units, amounts)

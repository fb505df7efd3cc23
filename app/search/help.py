"""What helps who found nothing."""

from __future__ import annotations

import msgspec

from app.catalog import queries as catalog
from app.catalog.queries import Card, Link
from app.db.engines import Database
from app.search import rules
from app.search.addresses import search_url
from app.search.finding import LIVE, Asked, counts

NEWEST = f"""SELECT p.id FROM product p JOIN search_entry e ON e.product_id = p.id WHERE p.status = 'published' AND {LIVE}
    ORDER BY p.created_at DESC, p.id LIMIT 8"""  # noqa: S608 - constants
# Of the latest lines of orders; what only one order had is nobody else's business.
SOLD = f"""
    SELECT b.product_id AS id FROM (SELECT product_id FROM bought ORDER BY at DESC LIMIT 5000) b JOIN search_entry e USING (product_id)
    WHERE {LIVE} GROUP BY b.product_id, e.rank HAVING count(*) > 1 ORDER BY count(*) DESC, e.rank, b.product_id LIMIT 8
"""  # noqa: S608 - constants
SHELF = 4  # fewer that are bought often are no shelf
DEPARTMENTS = "SELECT title, path FROM category WHERE parent_id IS NULL ORDER BY position, title LIMIT 8"


class Help(msgspec.Struct, frozen=True, kw_only=True):
    """`fewer`: the question with one word less, and how many products that finds. `shown`: what is bought often, or else
    (not `sold`) what came last.
    """

    fewer: list[Link]
    departments: list[Link]
    shown: list[Card]
    sold: bool


async def of(db: Database, asked: Asked) -> Help:
    """Four statements, one more where little is sold, one less where nothing can be left out."""
    fewer = await _fewer(db, asked)
    departments = [
        Link(title=row["title"], url=catalog.category_url(row["path"])) for row in await db.fetch(DEPARTMENTS)
    ]
    sold = await db.fetch(SOLD)
    often = len(sold) >= SHELF
    shown = await catalog.cards([row["id"] for row in (sold if often else await db.fetch(NEWEST))])
    return Help(fewer=fewer, departments=departments, shown=shown, sold=often)


async def _fewer(db: Database, asked: Asked) -> list[Link]:
    if len(asked.slots) < 2:
        return []
    shorter = [asked.slots[:at] + asked.slots[at + 1 :] for at in range(len(asked.slots))]
    many = await counts(db, [rules.tsquery_of(slots) for slots in shorter])
    found = [(" ".join(slot[0] for slot in slots), count) for slots, count in zip(shorter, many, strict=True) if count]
    most_first = sorted(dict(found).items(), key=lambda each: -each[1])
    return [Link(title=words, url=search_url(words), count=count) for words, count in most_first[:4]]

"""What is known of an address that has no page: it moved, it is no longer sold, it is yet to come."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.catalog.views import Link, category_url, product_url
from app.db.engines import EVERYONE, reading
from app.edge import tags


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an address without a page. `until`: when it gets one by itself.

    `gone`: what was there is no longer sold; then `way_on` leads to its category.
    """

    moved_to: str | None = None
    gone: bool = False
    way_on: Link | None = None
    until: datetime | None = None
    tags: frozenset[str] = frozenset()


TRACE = """
    SELECT (SELECT new_path FROM redirect WHERE old_path = $1) AS moved_to, p.id, p.status, c.id AS category_id, c.title, c.path,
        CASE WHEN p.status = 'published' AND p.publish_at > now() THEN p.publish_at END AS until
    FROM (SELECT) nothing LEFT JOIN product p ON p.slug = $2 LEFT JOIN category c ON c.id = p.category_id
"""


async def trace_of(path: str, slug: str | None = None) -> Trace:
    """What there is to say at `path`, which has no page; `slug` is that of the product it names, if it names one."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(TRACE, path, slug)
    assert row is not None
    if row["id"] is None:
        return Trace(moved_to=row["moved_to"], tags=frozenset({tags.path(path)}))
    gone = row["status"] == "archived"
    own = {tags.path(path), tags.path(product_url(slug or "")), tags.product(row["id"])}
    return Trace(
        moved_to=row["moved_to"],
        gone=gone,
        way_on=Link(title=row["title"], url=category_url(row["path"])) if gone else None,
        until=row["until"],
        tags=frozenset(own | {tags.category_detail(row["category_id"])} if gone else own),
    )

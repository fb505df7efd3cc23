"""Pages of categories and collections: one statement finds the list, one its cards."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from app.catalog import rules
from app.catalog.cards import CARD_OF_X, MEMBERS, NEXT, ON_SALE, card_of, card_tags, collection_tags, next_change
from app.catalog.views import Crumb, Link, ListView, category_url
from app.db.engines import EVERYONE, Database, reading
from app.edge import tags

# A few loud ratings must not outrank many good ones: three of 4.0 are added to each product's own.
RATING = "(p.rating_sum + 12.0) / (p.rating_count + 3) DESC"

SORTS: dict[str, tuple[str, str, str]] = {  # name in the address -> title, order, the column it reads
    "featured": ("Featured", "p.rank", "rank"),
    "new": ("Newest", "coalesce(p.publish_at, p.created_at) DESC", "publish_at"),
    "price-up": ("Price, low to high", "p.price_from", "price_from"),
    "price-down": ("Price, high to low", "p.price_from DESC", "price_from"),
    "rating": ("Best rated", RATING, "rating_sum"),
}

# `counted` has a row for each category below this one that has products, and when the next product joins it.
CATEGORY = f"""
    WITH this AS (SELECT * FROM category WHERE path = $1),
    family AS (SELECT f.* FROM this JOIN category f ON f.id = this.id OR starts_with(f.path, this.path || '/')),
    counted AS (
        SELECT f.path, count(*) FILTER (WHERE {ON_SALE}) AS many, min(p.publish_at) FILTER (WHERE p.publish_at > now()) AS until
        FROM family f JOIN product p ON p.category_id = f.id AND p.status = 'published' GROUP BY f.path)
    SELECT this.*, (SELECT min(until) FROM counted) AS until,
        (SELECT array_agg(id ORDER BY path) FROM family) AS family,
        (SELECT json_object_agg(path, many) FROM counted) AS counts,
        (SELECT json_agg(json_build_object('title', title, 'path', path) ORDER BY position, title)
         FROM category c WHERE c.parent_id = this.id) AS children,
        (SELECT json_agg(json_build_object('id', a.id, 'title', a.title, 'path', a.path) ORDER BY a.path)
         FROM category a WHERE starts_with(this.path, a.path || '/')) AS crumbs
    FROM this
"""  # noqa: S608 - constants

LISTED = f"""
    SELECT card.* FROM (
        SELECT p.id, row_number() OVER (ORDER BY {{}}, p.id) AS place FROM product p
        WHERE p.category_id = ANY($1) AND {ON_SALE} ORDER BY place LIMIT $2 OFFSET $3
    ) x CROSS JOIN {CARD_OF_X} ORDER BY x.place
"""  # noqa: S608 - constants

COLLECTION = f"""
    SELECT id, slug AS path, title, summary, rule->>'kind' AS rule, {NEXT} AS until FROM collection c WHERE slug = $1
"""  # noqa: S608 - constants

COLLECTED = f"""
    SELECT x.total, card.* FROM (
        SELECT p.id, row_number() OVER (ORDER BY {{}}, p.id) AS place, count(*) OVER () AS total
        FROM collection c CROSS JOIN LATERAL ({MEMBERS}) h JOIN product p ON p.id = h.id
        WHERE c.id = $1 ORDER BY place LIMIT $2 OFFSET $3
    ) x CROSS JOIN {CARD_OF_X} ORDER BY x.place
"""  # noqa: S608 - constants


async def list_view(path: str, page: int, sort: str = "featured") -> ListView | None:
    """One page of the category or else the collection at this path; None where there is none. Unknown sorts mean `featured`.

    A page after the last has no cards, and the tags of what could fill it.
    """
    sort = sort if sort in SORTS else "featured"
    async with reading(EVERYONE) as db:
        return await _category(db, path, page, sort) or await _collection(db, path, page, sort)


async def _category(db: Database, path: str, page: int, sort: str) -> ListView | None:
    row = await db.fetchrow(CATEGORY, path)
    if row is None:
        return None
    counts: dict[str, int] = row["counts"] or {}
    total = sum(counts.values())
    rows = await db.fetch(LISTED.format(SORTS[sort][1]), row["family"], *_window(page))
    found = [card_of(each) for each in rows]
    return ListView(
        **_frame(row, total, page, sort),
        crumbs=[Crumb(title=each["title"], url=category_url(each["path"])) for each in row["crumbs"] or []],
        children=[_child(each, counts) for each in row["children"] or []],
        cards=found,
        until=next_change(found, row["until"]),
        tags=frozenset(_category_tags(row)),
    )


def _child(category: dict[str, Any], counts: dict[str, int]) -> Link:
    path = category["path"]
    count = sum(many for each, many in counts.items() if f"{each}/".startswith(f"{path}/"))
    return Link(title=category["title"], url=category_url(path), count=count)


def _category_tags(row: Any) -> set[str]:
    """The category and all it draws from; where those are too many, what any change of a card says instead."""
    above = {tags.category_detail(UUID(each["id"])) for each in row["crumbs"] or []}
    if len(row["family"]) <= 30:
        return above | {tags.category(each) for each in row["family"]}
    return above | {tags.category(row["id"])} | {tags.lists_by("any")}


async def _collection(db: Database, slug: str, page: int, sort: str) -> ListView | None:
    about = await db.fetchrow(COLLECTION, slug)
    if about is None:
        return None
    order = "h.place" if sort == "featured" else SORTS[sort][1]
    rows = await db.fetch(COLLECTED.format(order), about["id"], *_window(page))
    found = [card_of(each) for each in rows]
    decided = collection_tags(about["id"], about["rule"])
    if sort != "featured":
        decided |= {tags.lists_by(SORTS[sort][2])}
    frame = _frame(about, rows[0]["total"] if rows else 0, page, sort)
    carried = frozenset(card_tags(found) | decided)
    return ListView(
        **frame, crumbs=[], children=[], cards=found, until=next_change(found, about["until"]), tags=carried
    )


def _window(page: int) -> tuple[int, int]:
    return rules.PER_PAGE, (page - 1) * rules.PER_PAGE


def _frame(about: Any, total: int, page: int, sort: str) -> dict[str, Any]:
    """What categories and collections have in common: names, numbers, and the way to the other pages."""
    pages, path = rules.pages_of(total), about["path"]
    return {
        "title": about["title"],
        "summary": about["summary"],
        "total": total,
        "page": page,
        "pages": pages,
        "sorts": [Link(title=SORTS[name][0], url=list_url(path, 1, name), current=name == sort) for name in SORTS],
        "more_url": list_url(path, page + 1, sort) if page < pages else None,
        "previous_url": list_url(path, page - 1, sort) if page > 1 else None,
        "canonical": list_url(path, page, "featured"),
    }


def list_url(path: str, page: int, sort: str) -> str:
    """The one address of a page of a list: what is the default is not said."""
    query = [("page", str(page))] * (page > 1) + [("sort", sort)] * (sort != "featured")
    return category_url(path) + (f"?{urlencode(query)}" if query else "")

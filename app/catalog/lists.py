"""Pages of categories and collections: one statement finds the list, one its cards."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from babel.numbers import get_currency_precision

from app.catalog import facets, rules
from app.catalog.cards import CARD_OF_X, MEMBERS, NEXT, card_of, card_tags, collection_tags, next_change
from app.catalog.facet_views import FacetsView, facets_view
from app.catalog.facets import VISIBLE
from app.catalog.filters import Filters, query_of
from app.catalog.list_views import ListView
from app.catalog.views import Card, Crumb, Link, category_url
from app.db.engines import EVERYONE, Database, reading
from app.edge import tags
from app.settings import settings

NONE = Filters()
FEW = 8  # shorter lists are looked through at a glance
COUNTED = (
    "any",
    "facets",
)  # what decides the facets of a collection: whoever belongs to it, and what facets are called

SORTS: dict[str, tuple[str, str, str]] = {  # name in the address -> title, order, the column of products it reads
    "featured": ("Featured", "f.rank", "rank"),
    "new": ("Newest", "f.since DESC", "publish_at"),
    "price-up": ("Price, low to high", "f.price", "price_from"),
    "price-down": ("Price, high to low", "f.price DESC", "price_from"),
    "rating": ("Best rated", "f.rating DESC", "rating_sum"),
}

# `counted` has a row for each category below this one that has products.
CATEGORY = f"""
    WITH this AS (SELECT * FROM category WHERE path = $1),
    family AS (SELECT f.* FROM this JOIN category f ON f.id = this.id OR starts_with(f.path, this.path || '/')),
    counted AS (
        SELECT path, count(*) AS many FROM family JOIN product_facet f ON f.category_id = family.id AND {VISIBLE} GROUP BY path)
    SELECT this.*,
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
        SELECT f.product_id AS id, row_number() OVER (ORDER BY {{order}}, f.product_id) AS place
        FROM {{tables}} WHERE {{where}} ORDER BY place LIMIT {{most}} OFFSET {{after}}
    ) x CROSS JOIN {CARD_OF_X} ORDER BY x.place
"""  # noqa: S608 - constants

COLLECTION = f"""
    SELECT id, slug AS path, title, summary, rule->>'kind' AS rule, {NEXT} AS until FROM collection c WHERE slug = $1
"""  # noqa: S608 - constants


async def list_view(path: str, page: int, sort: str = "featured", asked: Filters = NONE) -> ListView | None:
    """One page of the category or else the collection at this path; None where there is none. Unknown sorts mean `featured`.

    A page after the last has no cards, and the tags of what could fill it.
    """
    sort = sort if sort in SORTS else "featured"
    async with reading(EVERYONE) as db:
        return await _category(db, path, page, sort, asked) or await _collection(db, path, page, sort, asked)


async def _category(db: Database, path: str, page: int, sort: str, asked: Filters) -> ListView | None:
    row = await db.fetchrow(CATEGORY, path)
    if row is None:
        return None
    counts: dict[str, int] = row["counts"] or {}
    listed = await _listed(db, facets.of_categories(row["family"]), path, page, sort, asked)
    return ListView(
        **_frame(row, listed, page, sort),
        crumbs=[Crumb(title=each["title"], url=category_url(each["path"])) for each in row["crumbs"] or []],
        children=[_child(each, counts) for each in row["children"] or []],
        until=next_change(listed.cards, listed.found.until),
        tags=frozenset(_category_tags(row)),
    )


def _child(category: dict[str, Any], counts: dict[str, int]) -> Link:
    path = category["path"]
    count = sum(many for each, many in counts.items() if f"{each}/".startswith(f"{path}/"))
    return Link(title=category["title"], url=category_url(path), count=count)


def _category_tags(row: Any) -> set[str]:
    """The category and all it draws from; where those are too many, what any change of a card says instead."""
    above = {tags.category_detail(UUID(each["id"])) for each in row["crumbs"] or []} | {tags.lists_by("facets")}
    if len(row["family"]) <= 30:
        return above | {tags.category(each) for each in row["family"]}
    return above | {tags.category(row["id"])} | {tags.lists_by("any")}


async def _collection(db: Database, slug: str, page: int, sort: str, asked: Filters) -> ListView | None:
    about = await db.fetchrow(COLLECTION, slug)
    if about is None:
        return None
    listed = await _listed(db, _members_of(about["id"]), slug, page, sort, asked)
    decided = collection_tags(about["id"], about["rule"])
    if sort != "featured":
        decided |= {tags.lists_by(SORTS[sort][2])}
    decided |= {tags.lists_by(column) for column in COUNTED} if listed.view else set()
    return ListView(
        **_frame(about, listed, page, sort),
        crumbs=[],
        children=[],
        until=next_change(listed.cards, about["until"], listed.found.until),
        tags=frozenset(card_tags(listed.cards) | decided),
    )


def _members_of(collection_id: UUID) -> facets.Scope:
    tables = f"collection c CROSS JOIN LATERAL ({MEMBERS}) h JOIN product_facet f ON f.product_id = h.id"
    return facets.Scope(tables, "c.id = $1", [collection_id], "h.place")


class Listed(NamedTuple):
    """What a list shows under its filters; `view` is None where there is too little to filter."""

    found: facets.Found
    cards: list[Card]
    view: FacetsView | None


async def _listed(db: Database, scope: facets.Scope, path: str, page: int, sort: str, asked: Filters) -> Listed:
    currency = settings().currency
    found = await facets.found(db, scope, asked, places=get_currency_precision(currency), few=FEW)
    narrowed = found.narrowed
    words = {
        "tables": narrowed.tables,
        "where": narrowed.where,
        "most": rules.PER_PAGE,
        "after": (page - 1) * rules.PER_PAGE,
    }
    order = narrowed.place if sort == "featured" else SORTS[sort][1]
    rows = await db.fetch(LISTED.format(**words, order=order), *narrowed.args)
    view = None
    if found.total >= FEW or found.filters.many:
        view = await facets_view(db, found, lambda other: list_url(path, 1, sort, other), currency)
    return Listed(found, [card_of(row) for row in rows], view)


def _frame(about: Any, listed: Listed, page: int, sort: str) -> dict[str, Any]:
    """What categories and collections have in common: names, numbers, and the way to the other pages."""
    found, path = listed.found, about["path"]
    pages, filters = rules.pages_of(found.total), found.filters

    def to(number: int, order: str) -> str:
        return list_url(path, number, order, filters)

    return {
        "title": about["title"],
        "summary": about["summary"],
        "cards": listed.cards,
        "filters": listed.view,
        "total": found.total,
        "page": page,
        "pages": pages,
        "sorts": [Link(title=SORTS[name][0], url=to(1, name), current=name == sort) for name in SORTS],
        "sort": sort,
        "address": to(page, sort),
        "more_url": to(page + 1, sort) if page < pages else None,
        "previous_url": to(page - 1, sort) if page > 1 else None,
        "canonical": to(page, "featured"),
        "indexable": filters.many <= 1 and filters.low is None and filters.high is None,
    }


def list_url(path: str, page: int, sort: str, filters: Filters = NONE) -> str:
    """The one address of a page of a list: what is the default is not said."""
    query = query_of(
        [("page", str(page))] * (page > 1) + [("sort", sort)] * (sort != "featured") + filters.parameters()
    )
    return category_url(path) + (f"?{query}" if query else "")

"""Pages of categories and collections: one statement says what the list is, one counts and orders it, one has its cards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from babel.numbers import get_currency_precision

from app.catalog import facets, rules, tallies
from app.catalog.cards import CARDS_AT, NEXT, RULES, card_of, card_tags, collection_tags, next_change
from app.catalog.facet_views import FEW, FacetsView, facets_view
from app.catalog.filters import Filters, query_of
from app.catalog.list_views import ListView
from app.catalog.views import Card, Crumb, Link, category_url
from app.db.engines import EVERYONE, Database, reading
from app.edge import tags
from app.settings import settings

NONE = Filters()
PASSING = ("offer", "stock", "rating")  # facets that say how things stand, not what they are
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

CATEGORY = """
    WITH this AS (SELECT * FROM category WHERE path = $1),
    family AS (SELECT f.* FROM this JOIN category f ON f.id = this.id OR starts_with(f.path, this.path || '/'))
    SELECT this.*,
        (SELECT json_object_agg(id, path) FROM family) AS family,
        (SELECT json_agg(json_build_object('title', title, 'path', path) ORDER BY position, title)
         FROM category c WHERE c.parent_id = this.id) AS children,
        (SELECT json_agg(json_build_object('id', a.id, 'title', a.title, 'path', a.path) ORDER BY a.path)
         FROM category a WHERE starts_with(this.path, a.path || '/')) AS crumbs
    FROM this
"""

COLLECTION = f"""
    SELECT id, slug AS path, title, summary, CASE kind WHEN 'rule' THEN rule->>'kind' END AS rule, {NEXT} AS until FROM collection c WHERE slug = $1
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
    family = {UUID(each): below for each, below in row["family"].items()}
    listed = await _listed(db, partial(tallies.found, db, list(family)), path, page, sort, asked)
    counts = {family[UUID(each)]: many for each, many in listed.found.shelves.items()}
    return ListView(
        **_frame(row, listed, page, sort),
        crumbs=[Crumb(title=each["title"], url=category_url(each["path"])) for each in row["crumbs"] or []],
        children=[_child(each, counts) for each in row["children"] or []],
        until=next_change(listed.cards, listed.found.until),
        tags=frozenset(_category_tags(row, list(family))),
    )


def _child(category: dict[str, Any], counts: dict[str, int]) -> Link:
    path = category["path"]
    count = sum(many for each, many in counts.items() if f"{each}/".startswith(f"{path}/"))
    return Link(title=category["title"], url=category_url(path), count=count)


def _category_tags(row: Any, family: list[UUID]) -> set[str]:
    """The category and all it draws from; where those are too many, what any change of a card says instead."""
    above = {tags.category_detail(UUID(each["id"])) for each in row["crumbs"] or []} | {tags.lists_by("facets")}
    if len(family) <= 30:
        return above | {tags.category(each) for each in family}
    return above | {tags.category(row["id"])} | {tags.lists_by("any")}


async def _collection(db: Database, slug: str, page: int, sort: str, asked: Filters) -> ListView | None:
    about = await db.fetchrow(COLLECTION, slug)
    if about is None:
        return None
    listed = await _listed(db, partial(facets.found, db, _members_of(about)), slug, page, sort, asked)
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


def _members_of(about: Any) -> facets.Scope:
    if about["rule"] in RULES:
        return facets.Scope(
            "collection c CROSS JOIN product_facet f", f"c.id = $1 AND {RULES[about['rule']]}", [about["id"]]
        )
    tables = "collection c JOIN collection_product h ON h.collection_id = c.id JOIN product_facet f USING (product_id)"
    return facets.Scope(tables, "c.id = $1 AND c.kind = 'manual'", [about["id"]], "f.place", ", h.position AS place")


class Listed(NamedTuple):
    """What a list shows under its filters; `view` is None where there is too little to filter."""

    found: facets.Found
    cards: list[Card]
    view: FacetsView | None


async def _listed(
    db: Database, find: Callable[..., Awaitable[facets.Found]], path: str, page: int, sort: str, asked: Filters
) -> Listed:
    currency = settings().currency
    window = facets.Window(None if sort == "featured" else SORTS[sort][1], rules.PER_PAGE, (page - 1) * rules.PER_PAGE)
    found = await find(asked, places=get_currency_precision(currency), window=window)
    rows = await db.fetch(CARDS_AT, found.ids)
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
        "indexable": _worth_finding(filters),
    }


def _worth_finding(filters: Filters) -> bool:
    """A list, or one value of it that somebody would look for by name: what is in stock today is nearly the whole list again."""
    return not filters.many or (filters.many == 1 and any(name not in PASSING for name in filters.values))


def list_url(path: str, page: int, sort: str, filters: Filters = NONE) -> str:
    """The one address of a page of a list: what is the default is not said."""
    query = query_of(
        [("page", str(page))] * (page > 1) + [("sort", sort)] * (sort != "featured") + filters.parameters()
    )
    return category_url(path) + (f"?{query}" if query else "")

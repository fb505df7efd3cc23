"""From noted changes of the shared database to the tags of the pages that show what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec

from app.catalog import showing
from app.catalog.views import category_url, product_url
from app.db.engines import EVERYONE, reading
from app.edge import tags

# Columns of a product that its card shows, or that put it into a list or at a place in it.
LISTED = frozenset(
    {
        *("slug", "title", "maker_id", "type_id", "category_id", "attributes", "picture_hash", "rating_sum"),
        *("rating_count", "status", "publish_at", "created_at", "rank", "price_from", "price_to", "was_from"),
        *("price_turns", "currency", "band"),
    }
)
ADDRESSED = frozenset(
    {"slug", "status", "publish_at"}
)  # these decide whether there is a page, and where; so does having a price
PLACED = frozenset({"status", "publish_at", "category_id", "rank"})  # of a product: these decide whose neighbour it is
CHOSEN = frozenset({"options", "published", "product_id"})  # of a variant: what rules by attribute look at
UNSHOWN = frozenset(
    {"version", "updated_at", "keywords"}
)  # no kept page shows these; search keeps its pages a minute only
TRAVELS = frozenset(
    {"min_days", "max_days", "position", "published"}
)  # of a shipping method: what pages say of delivery
WAYS = frozenset({"title", "promise", "price", "free_from", "bulky_extra", "published", "currency", "position"})
CARRIED = frozenset({"price", "bulky_extra", "published", "currency"})  # ... and of the delivery of bulky things
LINKED = frozenset({"title", "slug", "position"})  # of a collection: what the foot of every page shows
NAMED = frozenset({"title", "path", "parent_id", "position"})  # of a category: what menus and crumbs show


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One changed row: its id, the columns that changed (all of them when it is new or gone), and its keys then and now."""

    id: str
    columns: frozenset[str]
    old: dict[str, Any] | None
    new: dict[str, Any] | None

    @property
    def sides(self) -> list[dict[str, Any]]:
        return [side for side in (self.old, self.new) if side]

    def keys(self, name: str) -> set[Any]:
        """What this key was and is."""
        return {side[name] for side in self.sides if side[name] is not None}


async def tags_of(changes: Iterable[dict[str, Any]]) -> set[str]:
    """The tags that these bodies of outbox rows of kind `changed` spoil. At most one statement per table that needs one.

    Reads the shared database: while replicas lag, the caller sends reads to the primary first.
    """
    by_table: dict[str, list[Row]] = {}
    ours = [change for change in changes if change["table"] in {*PLAIN, *LOOKED_UP}]
    for change in ours:
        by_table.setdefault(change["table"], []).extend(msgspec.convert(change.get("rows", []), list[Row]))
    found = {tag for table, of_row in PLAIN.items() for row in by_table.get(table, []) for tag in of_row(row)}
    found |= {tags.everything() for change in ours if change.get("all")}  # emptied
    async with reading(EVERYONE) as db:
        found |= await showing.variants(db, _keys(by_table, "variant_id", "price", "timed_price", "stock_band"))
        pictures = by_table.get("picture", [])
        sized = [row.id for row in pictures if row.columns & {"width", "height"}]
        found |= await showing.pictures(db, [row.id for row in pictures], sized)
        makers = [row.id for row in by_table.get("maker", []) if row.columns & {"name", "slug"}]
        found |= await showing.makers(db, makers)
        chosen = [row for row in by_table.get("variant", []) if row.columns & CHOSEN]
        found |= await showing.found_by(db, _keys({"variant": chosen}, "product_id", "variant"))
    return found


def _keys(by_table: dict[str, list[Row]], name: str, *tables: str) -> list[str]:
    return list({id for table in tables for row in by_table.get(table, []) for id in row.keys(name)})


def _product(row: Row) -> Iterator[str]:
    yield from _gone(row)
    if row.columns <= UNSHOWN or "published" not in row.keys("status"):
        return
    yield tags.product(UUID(row.id))
    listed = row.columns & LISTED
    if listed:
        yield tags.card(UUID(row.id))
        yield from (tags.category(UUID(id)) for id in row.keys("category_id"))
        yield from (tags.lists_by(column) for column in [*listed, "any"])
    turned = (
        len({side.get("price_from") is not None for side in row.sides}) == 2
    )  # it got its first price, or lost its last
    if row.columns & PLACED or turned:
        yield from (tags.neighbours(UUID(id)) for id in row.keys("category_id"))
    if row.columns & {"status", "publish_at"} or turned:
        yield tags.lists_by("status")  # every list across categories holds what is on sale only
    if row.columns & ADDRESSED or turned:
        yield tags.listings()
        yield from (tags.path(product_url(slug)) for slug in row.keys("slug"))


def _gone(row: Row) -> Iterator[str]:
    """What was archived, or comes back from there: its address says so, with a way to its category."""
    if "archived" in row.keys("status") and row.columns & {"status", "slug", "category_id"}:
        yield from (tags.path(product_url(slug)) for slug in row.keys("slug"))


def _of_product(row: Row) -> Iterator[str]:
    yield from (tags.product(UUID(id)) for id in row.keys("product_id"))


def _variant(row: Row) -> Iterator[str]:
    yield from _of_product(row)
    if row.columns & CHOSEN:
        yield from (tags.lists_by("attributes"), tags.lists_by("any"))


def _maker(row: Row) -> Iterator[str]:
    yield tags.maker(UUID(row.id))


def _product_type(row: Row) -> Iterator[str]:
    yield from (tags.product_type(UUID(row.id)), tags.lists_by("facets"))


def _category(row: Row) -> Iterator[str]:
    yield tags.category(UUID(row.id))
    if row.columns & NAMED:
        yield tags.category_detail(UUID(row.id))
        yield from (tags.category(UUID(id)) for id in row.keys("parent_id"))
        yield tags.lists_by("any")
        yield from _top(row)
    if "path" in row.columns:
        yield from (tags.listings(), tags.lists_by("category_id"))
        yield from (tags.path(category_url(path)) for path in row.keys("path"))


def _top(row: Row) -> Iterator[str]:
    if any(side["parent_id"] is None for side in row.sides):
        yield tags.menu()


def _collection(row: Row) -> Iterator[str]:
    yield from (tags.collection(UUID(row.id)), tags.lists_by("any"))
    if row.columns & LINKED:
        yield tags.menu()
    if "slug" in row.columns:
        yield tags.listings()
        yield from (tags.path(category_url(slug)) for slug in row.keys("slug"))


def _collection_product(row: Row) -> Iterator[str]:
    yield tags.lists_by("any")
    yield from (tags.collection(UUID(id)) for id in row.keys("collection_id"))


def _association(row: Row) -> Iterator[str]:
    yield from (tags.related(UUID(id)) for id in row.keys("product_id"))


def _shipping_method(row: Row) -> Iterator[str]:
    if row.columns & WAYS:
        yield tags.ways()
    if row.columns & TRAVELS:
        yield tags.delivery()
    if row.columns & CARRIED:
        yield tags.bulky()


def _redirect(row: Row) -> Iterator[str]:
    yield from (tags.path(path) for path in row.keys("old_path"))


PLAIN = {
    "product": _product,
    "variant": _variant,
    "product_picture": _of_product,
    "maker": _maker,
    "product_type": _product_type,
    "category": _category,
    "collection": _collection,
    "collection_product": _collection_product,
    "association": _association,
    "redirect": _redirect,
    "shipping_method": _shipping_method,
}
LOOKED_UP = ("price", "timed_price", "stock_band", "picture")

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from app.catalog.arrival import Arrival
from app.catalog.cards import (
    CARD_OF_X,
    CARDS_AT,
    ON_SALE,
    Filled,
    Shelf,
    card,
    card_of,
    cards,
    next_change,
    next_publication,
    shelves,
)
from app.catalog.facet_views import FEW, FacetsView, facets_view
from app.catalog.facets import ORDERED, Found, Scope, Window, found
from app.catalog.filters import PARAMETERS, Filters, asked_filters, pairs_of, query_of, said_as
from app.catalog.groups import groups_of, ids_at, paths_of
from app.catalog.list_views import ListView
from app.catalog.lists import SORTS, list_view
from app.catalog.personal import LONGEST, Personal, tidy_text
from app.catalog.pictures import Picture, picture_of
from app.catalog.product_views import Maker, ProductReviews, ProductView, QuickView, VariantPanel
from app.catalog.products import product_view, quick_view, variant_panel
from app.catalog.related import RelatedView, related_view
from app.catalog.rules import PER_PAGE, page_number, pages_of
from app.catalog.sellables import arrives_together, sellables, variants_beside
from app.catalog.traces import Trace, trace_of
from app.catalog.views import Card, Crumb, Link, Sellable, category_url, product_url
from app.db.engines import EVERYONE, reading


async def drawing(hash: str) -> tuple[str, dict[str, Any], str] | None:
    """Family, parameters and view of a picture, or None for an unknown hash."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow("SELECT family, params, view FROM picture WHERE hash = $1", hash)
    return (row["family"], row["params"], row["view"]) if row else None


async def photograph(name: str) -> bytes | None:
    """A file of a photograph, by the end of its address, such as <hash>.640.avif or <hash>.jpg."""
    async with reading(EVERYONE) as db:
        return await db.fetchval("SELECT body FROM photograph WHERE name = $1", name)


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A product that shoppers bought or saved. `variant_ids`: all it ever came in, whether or not it still does."""

    product_id: UUID
    slug: str
    title: str
    picture: Picture
    variant_ids: list[UUID]
    on_sale: bool


REVIEWED = f"""
    SELECT p.id AS product_id, p.slug, p.title, ARRAY(SELECT id FROM variant WHERE product_id = p.id) AS variant_ids, {ON_SALE} AS on_sale,
        (SELECT json_build_object('hash', hash, 'alt', alt, 'width', width, 'height', height) FROM picture WHERE hash = p.picture_hash) AS picture
    FROM product p WHERE p.slug = $1
"""  # noqa: S608 - a constant


async def reviewed(slug: str) -> Reviewed | None:
    """The product at this address; None unless it is on sale."""
    found = await ever_sold(slug)
    return found if found and found.on_sale else None


async def ever_sold(slug: str) -> Reviewed | None:
    """The product at this address, be it not on sale any more, or not yet: not to be shown to whoever asks."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(REVIEWED, slug)
    return Reviewed(**{**row, "picture": picture_of(row["picture"])}) if row else None


__all__ = [
    "CARDS_AT", "CARD_OF_X", "FEW", "LONGEST", "ON_SALE", "ORDERED", "PARAMETERS", "PER_PAGE", "SORTS",
    "Arrival", "Card", "Crumb", "FacetsView", "Filled", "Filters", "Found", "Link", "ListView", "Maker", "Personal", "Picture", "ProductReviews", "ProductView", "QuickView", "RelatedView", "Reviewed", "Scope", "Sellable", "Shelf", "Trace", "VariantPanel", "Window",
    "arrives_together", "asked_filters", "card", "card_of", "cards", "category_url", "drawing", "ever_sold", "facets_view", "found",
    "groups_of", "ids_at", "list_view", "next_change", "next_publication", "page_number", "pages_of", "pairs_of", "paths_of",
    "photograph", "picture_of", "product_url", "product_view", "query_of", "quick_view", "related_view", "reviewed", "said_as",
    "sellables", "shelves", "tidy_text", "trace_of", "variant_panel", "variants_beside",
]  # fmt: skip

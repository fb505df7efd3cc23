"""What the pages of categories and collections show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.catalog.facet_views import FacetsView
from app.catalog.sharing import way_to
from app.catalog.views import Card, Crumb, Link


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a category or a collection. `until`: when time alone changes it.

    `filters`: None where there is too little to filter. `address` is the one spelling of what was asked for, `canonical`
    that of the same products in their usual order; only `indexable` ones are for search engines.
    """

    title: str
    summary: str
    crumbs: list[Crumb]
    children: list[Link]
    cards: list[Card]
    filters: FacetsView | None
    total: int
    page: int
    pages: int
    sorts: list[Link]
    sort: str
    address: str
    more_url: str | None
    previous_url: str | None
    canonical: str
    indexable: bool
    tags: frozenset[str]
    until: datetime | None

    @property
    def data(self) -> list[dict[str, Any]]:
        """For machines: the way down to it, where there is one."""
        return [way_to(self.crumbs, self.title, self.canonical)] if self.crumbs else []

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What its form sends besides the filters."""
        return [("sort", self.sort)] if self.sort != "featured" else []

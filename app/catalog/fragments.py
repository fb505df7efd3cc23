"""Pieces of the catalogue that htmx loads: kept and tagged like pages, each a link of its own."""

from __future__ import annotations

from typing import Any

from litestar import Request

from app.catalog import queries, rules
from app.catalog.addresses import elsewhere_of, known, offered, plain
from app.edge import keep
from app.web.pages import Fragment, Moved, fragment


@fragment("/variant/{slug:str}", name="variant", keep=keep.FRAGMENT, query=("o_*",))
async def variant(request: Request, slug: str) -> Fragment | Moved:
    """The panel of a product for the options its address names; what htmx swaps in."""
    asked = rules.asked_options(request.query_params)
    view = await queries.variant_panel(known(slug), asked)
    if view is None:
        return await elsewhere_of("/_f/variant/{}", slug)
    kept = keep.FRAGMENT if offered(asked, view) and plain(request) else keep.MADE_UP
    return Fragment(template="catalog/_variant.html", view=view, tags=view.tags, keep=kept, until=view.until)


@fragment("/related/{slug:str}", name="related", keep=keep.RELATED)
async def related(slug: str) -> Fragment | Moved:
    """What goes well with a product."""
    view = await queries.related_view(known(slug))
    if view is None:
        return await elsewhere_of("/_f/related/{}", slug)
    return Fragment(template="catalog/_related.html", view=view, tags=view.tags, until=view.until)


@fragment("/quick/{slug:str}", name="quick", keep=keep.FRAGMENT)
async def quick(slug: str) -> Fragment | Moved:
    """A product at a glance, for a dialog on a list."""
    view = await queries.quick_view(known(slug))
    if view is None:
        return await elsewhere_of("/_f/quick/{}", slug)
    return Fragment(template="catalog/_quick.html", view=view, tags=view.tags, until=view.panel.until)


ROUTES: list[Any] = [variant, related, quick]

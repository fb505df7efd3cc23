"""Pieces of the catalogue that htmx loads: kept and tagged like pages, each a link of its own."""

from __future__ import annotations

from typing import Any

from litestar import Request

from app.catalog import queries, rules
from app.catalog.addresses import elsewhere_of, known, offered, plain
from app.edge import keep, tags
from app.reviews.queries import LAST, asked_reviews, reviews_page
from app.web.pages import Fragment, Missing, Moved, fragment


@fragment("/variant/{slug:str}", name="variant", keep=keep.FRAGMENT, query=("o_*",))
async def variant(request: Request, slug: str) -> Fragment | Moved:
    """The panel of a product for the options its address names; what htmx swaps in."""
    asked = rules.asked_options(request.query_params)
    view = await queries.variant_panel(known(slug), asked)
    if view is None:
        return await elsewhere_of("variant", slug)
    kept = keep.FRAGMENT if offered(asked, view) and plain(request) else keep.MADE_UP
    return Fragment(template="catalog/_variant.html", view=view, tags=view.tags, keep=kept, until=view.until)


@fragment("/related/{slug:str}", name="related", keep=keep.RELATED)
async def related(slug: str) -> Fragment | Moved:
    """What goes well with a product."""
    view = await queries.related_view(known(slug))
    if view is None:
        return await elsewhere_of("related", slug)
    return Fragment(template="catalog/_related.html", view=view, tags=view.tags, until=view.until)


@fragment("/quick/{slug:str}", name="quick", keep=keep.FRAGMENT)
async def quick(slug: str) -> Fragment | Moved:
    """A product at a glance, for a dialog on a list."""
    view = await queries.quick_view(known(slug))
    if view is None:
        return await elsewhere_of("quick", slug)
    return Fragment(template="catalog/_quick.html", view=view, tags=view.tags, until=view.panel.until)


@fragment("/reviews/{slug:str}", name="reviews", keep=keep.FRAGMENT, query=("page", "sort", "stars"))
async def reviews(request: Request, slug: str) -> Fragment | Moved:
    """What shoppers say of a product, as a document of its own. What is asked for in other words leads to the one address that says it."""
    product_id = await queries.on_sale(known(slug))
    if product_id is None:
        return await elsewhere_of("reviews", slug)
    asked = asked_reviews(request.query_params)
    named = {tags.reviews(product_id), tags.path(queries.product_url(slug))}
    if asked.page > LAST:
        raise Missing(tags=named)
    view = await reviews_page(product_id, slug, asked)
    if view.page > view.pages:
        raise Missing(tags=named)
    if request.scope["query_string"].decode("latin-1") != view.address.partition("?")[2]:
        return Moved(to=view.address, tags=named, keep=keep.MADE_UP)
    return Fragment(template="reviews/reviews.html", view=view, tags=named)


ROUTES: list[Any] = [variant, related, quick, reviews]

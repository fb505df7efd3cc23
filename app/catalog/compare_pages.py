from __future__ import annotations

from litestar import Request

from app.catalog import comparing, filters, queries
from app.catalog.addresses import elsewhere_of, known
from app.edge import keep, tags
from app.web.pages import Fragment, Moved, Page, fragment, page


@page("/compare", name="compare", keep=keep.DEEP_LIST, query=("p",))
async def compare(request: Request) -> Page | Moved:
    """Up to four products side by side. Other orders, and what is not sold, lead to the one address that says the same."""
    query = request.scope["query_string"].decode("latin-1")
    slugs = comparing.asked_slugs(filters.pairs_of(query))
    view = await comparing.compare_view([known(slug) for slug in slugs])
    if "&".join(sorted(filter(None, query.split("&")))) != view.address.partition("?")[2]:
        return Moved(to=view.address, tags=view.tags, until=view.until, keep=keep.MADE_UP)
    return Page(template="catalog/compare.html", view=view, tags=view.tags, until=view.until)


@fragment("/card/{slug:str}", name="card", keep=keep.FRAGMENT)
async def card(slug: str) -> Fragment | Moved:
    """One product's card: what was looked at before is put together from these, so each is kept once for everybody."""
    found = await queries.card(known(slug))
    if found is None:
        return await elsewhere_of("/_f/card/{}", slug)
    return Fragment(template="catalog/_card.html", view=found, tags={tags.card(found.product_id)}, until=found.until)


ROUTES = [compare, card]

"""What an address of the catalogue asks for, and where to when there is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from litestar import Request
from litestar.exceptions import NotFoundException

from app.catalog import choosing, queries
from app.web.pages import Missing, Moved, WayOn


def offered(asked: Mapping[str, str], panel: queries.VariantPanel) -> bool:
    """Whether all that is asked for (option code -> value) can be chosen there; the rest is ignored."""
    known = {(option.code, each.value) for option in panel.options for each in option.values}
    return {(code, value.removesuffix(choosing.FIRST)) for code, value in asked.items()} <= known


def plain(request: Request) -> bool:
    """Whether the query says each parameter once, spelled as links do; other ways to say the same are without number."""
    asked = request.scope["query_string"].decode("latin-1")
    return sorted(asked.split("&")) == sorted(urlencode(dict(request.query_params)).split("&"))


def known(address: str) -> str:
    """The address as it is. Raises NotFoundException for control characters and broken UTF-8, which no address has."""
    if not address.isprintable():
        raise NotFoundException
    return address


def _way_on(trace: queries.Trace) -> WayOn | None:
    return WayOn(title=trace.way_on.title, url=trace.way_on.url) if trace.way_on else None


async def elsewhere(path: str, slug: str | None = None) -> Moved:
    """Where this address went. Raises Missing if it went nowhere: 404, or 410 for a product that is no longer sold."""
    trace = await queries.trace_of(known(path), slug)
    if trace.moved_to is None:
        raise Missing(tags=trace.tags, until=trace.until, gone=trace.gone, way_on=_way_on(trace))
    return Moved(to=trace.moved_to, tags=trace.tags, until=trace.until)


async def elsewhere_of(address: str, slug: str) -> Moved:
    """The same for what stands at an address of its own, such as "/_f/quick/{}", for a product."""
    moved = await elsewhere(queries.product_url(slug), slug)
    if not moved.to.startswith("/p/"):  # a piece of a product is nowhere in a list
        raise Missing(tags=moved.tags, until=moved.until)
    name, mark, query = moved.to.removeprefix("/p/").partition("?")
    return Moved(to=address.format(name) + mark + query, tags=moved.tags, until=moved.until)

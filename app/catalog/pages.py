from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from litestar import Request
from litestar.exceptions import NotFoundException

from app.catalog import choosing, queries, rules
from app.drawing.pictures import draw
from app.drawing.raster import jpeg
from app.edge import keep, tags
from app.settings import settings
from app.web.pages import Fragment, Missing, Moved, Page, Raw, WayOn, fragment, page
from app.web.static import IMMUTABLE

OFTEN = 3  # the first pages of a list are read often enough to be kept long
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000"/>'
SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}\n</urlset>\n'


@page("/c/{path:path}", name="category", keep=keep.LIST, query=("page", "sort"))
async def category(request: Request, path: str) -> Page | Moved:
    """A page of a category or a collection."""
    number = rules.page_number(request.query_params.get("page"))
    sort = request.query_params.get("sort", "")
    view = await queries.list_view(_known(path.strip("/")), number, sort) if number else None
    if view is None:
        return await _elsewhere(request.url.path)
    if view.page > view.pages:
        raise Missing(tags=view.tags, until=view.until)
    kept = keep.LIST if view.page <= OFTEN else keep.DEEP_LIST
    if (sort and sort not in queries.SORTS) or not _plain(request):
        kept = keep.MADE_UP
    return Page(template="catalog/category.html", view=view, tags=view.tags, keep=kept, until=view.until)


@page("/p/{slug:str}", name="product", keep=keep.PRODUCT, query=("o_*",))
async def product(request: Request, slug: str) -> Page | Moved:
    """A product with the options its address names."""
    asked = rules.asked_options(request.query_params)
    view = await queries.product_view(_known(slug), asked)
    if view is None:
        return await _elsewhere(request.url.path, slug)
    kept = keep.PRODUCT if _offered(asked, view.panel) and _plain(request) else keep.MADE_UP
    return Page(template="catalog/product.html", view=view, tags=view.tags, keep=kept, until=view.until)


@fragment("/variant/{slug:str}", name="variant", keep=keep.FRAGMENT, query=("o_*",))
async def variant(request: Request, slug: str) -> Fragment | Moved:
    """The panel of a product for the options its address names; what htmx swaps in."""
    asked = rules.asked_options(request.query_params)
    view = await queries.variant_panel(_known(slug), asked)
    if view is None:
        moved = await _elsewhere(queries.product_url(slug), slug)
        return Moved(to=moved.to.replace("/p/", "/_f/variant/", 1), tags=moved.tags, until=moved.until)
    kept = keep.FRAGMENT if _offered(asked, view) and _plain(request) else keep.MADE_UP
    return Fragment(template="catalog/_variant.html", view=view, tags=view.tags, keep=kept, until=view.until)


def _offered(asked: Mapping[str, str], panel: queries.VariantPanel) -> bool:
    """Whether all that is asked for (option code -> value) can be chosen there; the rest is ignored."""
    known = {(option.code, each.value) for option in panel.options for each in option.values}
    return {(code, value.removesuffix(choosing.FIRST)) for code, value in asked.items()} <= known


def _plain(request: Request) -> bool:
    """Whether the query says each parameter once, spelled as links do; other ways to say the same are without number."""
    asked = request.scope["query_string"].decode("latin-1")
    return sorted(asked.split("&")) == sorted(urlencode(dict(request.query_params)).split("&"))


def _known(address: str) -> str:
    """The address as it is. Raises NotFoundException for control characters and broken UTF-8, which no address has."""
    if not address.isprintable():
        raise NotFoundException
    return address


def _way_on(trace: queries.Trace) -> WayOn | None:
    return WayOn(title=trace.way_on.title, url=trace.way_on.url) if trace.way_on else None


async def _elsewhere(path: str, slug: str | None = None) -> Moved:
    """Where this address went. Raises Missing if it went nowhere: 404, or 410 for a product that is no longer sold."""
    trace = await queries.trace_of(_known(path), slug)
    if trace.moved_to is None:
        raise Missing(tags=trace.tags, until=trace.until, gone=trace.gone, way_on=_way_on(trace))
    return Moved(to=trace.moved_to, tags=trace.tags, until=trace.until)


@page("/static/p/{name:str}", name="picture", keep=keep.FOREVER)
async def picture(name: str) -> Raw:
    """A drawing, as .svg or .jpg; its address names what it draws, so it never changes. `none` is an empty mat."""
    hash, _, kind = name.partition(".")
    if kind not in ("svg", "jpg"):
        raise NotFoundException
    text = EMPTY if hash == "none" else await _drawn(hash)
    if kind == "svg":
        return _svg(text)
    return Raw(body=await asyncio.to_thread(jpeg, text), content_type="image/jpeg", headers=IMMUTABLE)


async def _drawn(hash: str) -> str:
    drawing = await queries.drawing(_known(hash))
    if drawing is None:
        raise NotFoundException
    return draw(*drawing)


def _svg(text: str) -> Raw:
    return Raw(body=text.encode(), content_type="image/svg+xml", headers=IMMUTABLE)


@page("/sitemap.xml", name="sitemap", keep=keep.LIST)
async def sitemap() -> Raw:
    """Every page worth finding."""
    paths, until = ["/", *await queries.addresses()], await queries.next_publication()
    lines = [f"<url><loc>{escape(settings().public_origin + path)}</loc></url>" for path in paths]
    body = SITEMAP.format("\n".join(lines)).encode()
    return Raw(body=body, content_type="application/xml", tags={tags.listings()}, until=until)


@page("/robots.txt", name="robots", keep=keep.PRODUCT)
async def robots() -> Raw:
    """What crawlers leave alone: what is private, and pieces of pages."""
    private = ("/cart", "/checkout", "/account", "/orders", "/search", "/_f/", "/_s/", "/dev/")
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in private),
        f"Sitemap: {settings().public_origin}/sitemap.xml",
    ]
    return Raw(body="\n".join([*lines, ""]).encode(), content_type="text/plain")


ROUTES: list[Any] = [category, product, variant, picture, sitemap, robots]

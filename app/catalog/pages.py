from __future__ import annotations

import asyncio
import re
from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException

from app.catalog import compare_pages, filters, fragments, queries, rules, sitemap
from app.catalog.addresses import elsewhere, elsewhere_of, known, offered, plain
from app.catalog.pictures import size_of
from app.drawing.pictures import draw
from app.drawing.raster import jpeg
from app.edge import keep, tags
from app.reviews.queries import LAST, asked_reviews, reviews_page
from app.settings import settings
from app.web.pages import Missing, Moved, Page, Raw, page
from app.web.static import IMMUTABLE

OFTEN = 3  # the first pages of a list are read often enough to be kept long
PIXELS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000"/>'


@page("/c/{path:path}", name="category", keep=keep.LIST, query=filters.PARAMETERS)
async def category(request: Request, path: str) -> Page | Moved:
    """A page of a category or a collection. Whatever is asked for in other words leads to the one address that says it."""
    query = request.scope["query_string"].decode("latin-1")
    number = rules.page_number(request.query_params.get("page"))
    sort, asked = request.query_params.get("sort", ""), filters.asked_filters(filters.pairs_of(query))
    view = await queries.list_view(known(path.strip("/")), number, sort, asked) if number else None
    if view is None:
        return await elsewhere(request.url.path)
    if view.page > view.pages:
        raise Missing(tags=view.tags, until=view.until)
    if not filters.said_as(query, filters.pairs_of(view.address.partition("?")[2])):
        return Moved(to=view.address, tags=view.tags, until=view.until, keep=keep.MADE_UP)
    kept = keep.LIST if view.page <= OFTEN and view.indexable else keep.DEEP_LIST
    return Page(template="catalog/category.html", view=view, tags=view.tags, keep=kept, until=view.until)


@page("/p/{slug:str}", name="product", keep=keep.PRODUCT, query=("o_*",))
async def product(request: Request, slug: str) -> Page | Moved:
    """A product with the options its address names."""
    asked = rules.asked_options(request.query_params)
    view = await queries.product_view(known(slug), asked)
    if view is None:
        return await elsewhere(request.url.path, slug)
    kept = keep.PRODUCT if offered(asked, view.panel) and plain(request) else keep.MADE_UP
    return Page(template="catalog/product.html", view=view, tags=view.tags, keep=kept, until=view.until)


@page("/p/{slug:str}/reviews", name="reviews", keep=keep.PRODUCT, query=("page", "sort", "stars"))
async def reviews(request: Request, slug: str) -> Page | Moved:
    """What shoppers say of a product; its own page takes its reviews from here. What is asked for in other words leads to the one address that says it."""
    card = await queries.card(known(slug))
    if card is None:
        return await elsewhere_of("/p/{}/reviews", slug)
    asked = asked_reviews(request.query_params)
    named = {tags.reviews(card.product_id), tags.card(card.product_id), tags.path(queries.product_url(slug))}
    if asked.page > LAST:
        raise Missing(tags=named)
    found = await reviews_page(card.product_id, slug, asked)
    if found.page > found.pages:
        raise Missing(tags=named)
    if request.scope["query_string"].decode("latin-1") != found.address.partition("?")[2]:
        return Moved(to=found.address, tags=named, keep=keep.MADE_UP)
    view = queries.ProductReviews(card=card, reviews=found)
    return Page(template="reviews/reviews.html", view=view, tags=named, until=card.until)


@page("/static/p/{name:str}", name="picture", keep=keep.FOREVER)
async def picture(name: str) -> Raw:
    """A drawing, as .svg or .jpg, or a file of a photograph; its address names what it shows, so it never changes. `none` is an empty mat."""
    hash, _, kind = name.partition(".")
    if size_of(hash):
        return await _photograph(name)
    if kind not in ("svg", "jpg"):
        raise NotFoundException
    text = EMPTY if hash == "none" else await _drawn(hash)
    if kind == "svg":
        return _svg(text)
    return Raw(body=await asyncio.to_thread(jpeg, text), content_type="image/jpeg", headers=IMMUTABLE)


async def _photograph(name: str) -> Raw:
    body = await queries.photograph(name)
    if body is None:
        raise NotFoundException
    return Raw(body=body, content_type=PIXELS[name.rpartition(".")[2]], headers=IMMUTABLE)


async def _drawn(hash: str) -> str:
    drawing = await queries.drawing(known(hash))
    if drawing is None:
        raise NotFoundException
    return draw(*drawing)


def _svg(text: str) -> Raw:
    return Raw(body=text.encode(), content_type="image/svg+xml", headers=IMMUTABLE)


@page("/sitemap.xml", name="sitemap", keep=keep.LIST)
async def sitemap_index() -> Raw:
    """Where the parts of the sitemap are."""
    return await _xml(sitemap.index_xml(await sitemap.parts()))


@page("/sitemap/{part:str}", name="sitemap_part", keep=keep.LIST)
async def sitemap_part(part: str) -> Raw:
    """Every page worth finding, some at a time."""
    number = re.fullmatch(r"products-([1-9][0-9]{0,3})\.xml", part)
    if part != "lists.xml" and number is None:
        raise Missing
    entries = await (sitemap.products(int(number[1])) if number else sitemap.lists())
    if not entries:
        raise Missing(tags={tags.listings()})
    return await _xml(sitemap.part_xml(entries))


async def _xml(body: bytes) -> Raw:
    """Until something else is on sale: by an edit, which purges it, or on time."""
    until = await queries.next_publication()
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


ROUTES: list[Any] = [
    category,
    product,
    *fragments.ROUTES,
    *compare_pages.ROUTES,
    reviews,
    picture,
    sitemap_index,
    sitemap_part,
    robots,
]

"""About what a purge costs the origin, before it is sent. Varnish can't count what carries a tag, so this is an estimate."""

from __future__ import annotations

import statistics
import time
from collections.abc import AsyncIterator, Iterator, Set
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from app.catalog.cards import ON_SALE
from app.edge import tags
from app.settings import Settings

TRIES = 5
PAGES = f"SELECT p.id, p.slug, p.maker_id, p.type_id, p.category_id FROM product p WHERE {ON_SALE}"  # noqa: S608 - a constant
LISTS = "SELECT id, path FROM category UNION ALL SELECT id, slug FROM collection"
BASIS = (
    "addresses that the database has for these tags, each once; a page has further forms for shoppers with a cart,"
    " lists have later pages, and only what is kept now and visited again is rendered"
)


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """`addresses` by kind of page; `render_ms` is measured now, None when no web instance answered here."""

    addresses: dict[str, int]
    render_ms: float | None
    basis: str = BASIS

    @property
    def seconds(self) -> float | None:
        """Of one instance's time, if each address is rendered once."""
        return None if self.render_ms is None else sum(self.addresses.values()) * self.render_ms / 1000


async def estimate(shop: Settings, found: Set[str]) -> Estimate:
    """How many addresses carry one of the tags, and how long one of them takes to render."""
    addresses: dict[str, int] = {}
    sample = ""
    for kind, path, carried in [page async for page in _pages()]:
        if not found.isdisjoint({*carried, tags.menu(), tags.everything(), tags.wave(kind, path)}):
            addresses[kind] = addresses.get(kind, 0) + 1
            sample = sample or path
    return Estimate(addresses=addresses, render_ms=await _measured(shop, sample) if sample else None)


async def _pages() -> AsyncIterator[tuple[str, str, set[str]]]:
    """Each address of the catalogue with the tags that its page is known to carry."""
    from app.db.engines import EVERYONE, reading

    async with reading(EVERYONE) as db:
        products, lists = await db.fetch(PAGES), await db.fetch(LISTS)
    cards: dict[UUID, set[str]] = {}
    for row in products:
        own = {tags.product(row["id"]), tags.product_type(row["type_id"])}
        yield "variant", f"/_f/variant/{row['slug']}", own
        yield "product", f"/p/{row['slug']}", own | set(_around(row["maker_id"], row["category_id"]))
        cards.setdefault(row["category_id"], set()).add(tags.card(row["id"]))
    for row in lists:
        shown = {tags.category(row["id"]), tags.collection(row["id"])} | cards.get(row["id"], set())
        yield "category", f"/c/{row['path']}", shown
    yield "home", "/", {tags.blocks("home")}
    yield "other", "/sitemap.xml", {tags.listings()}


def _around(maker_id: UUID | None, category_id: UUID | None) -> Iterator[str]:
    if maker_id:
        yield tags.maker(maker_id)
    if category_id:
        yield tags.category_detail(category_id)


async def _measured(shop: Settings, path: str) -> float | None:
    """Milliseconds that a web instance of this machine takes for the page, in the middle of some tries."""
    import httpx

    headers = {"Host": urlsplit(shop.public_origin).netloc, "X-Vitrine-Form": "anonymous"}
    took = []
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{shop.web_port}", trust_env=False) as client:
            for _ in range(TRIES):
                began = time.perf_counter()
                await client.get(path, headers=headers)
                took.append((time.perf_counter() - began) * 1000)
    except httpx.HTTPError:
        return None
    return round(statistics.median(took), 1)

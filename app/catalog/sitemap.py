"""What crawlers may find: an index of parts, each with its addresses and the day each page last changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

from app.catalog.cards import ON_SALE
from app.catalog.views import category_url, product_url
from app.db.engines import EVERYONE, reading
from app.settings import settings

PART = 20_000  # addresses; the protocol takes 50,000 and 50 MB, crawlers are happier with less (sitemaps.org)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

# The day, not the moment: what is sold today was looked at today, and a part is not new with every edit of a morning.
DAY = "greatest(p.updated_at, p.publish_at)::date"
PARTS = f"""
    SELECT n, max(day) AS day FROM (
        SELECT (row_number() OVER (ORDER BY p.slug) - 1) / {PART} AS n, {DAY} AS day FROM product p WHERE {ON_SALE}) numbered
    GROUP BY n ORDER BY n
"""  # noqa: S608 - constants
PRODUCTS = f"SELECT p.slug, {DAY} AS day FROM product p WHERE {ON_SALE} ORDER BY p.slug LIMIT {PART} OFFSET $1"  # noqa: S608
PAGES = ("/", "/contact", "/delivery", "/privacy")
LISTS = "SELECT path FROM category UNION SELECT slug FROM collection ORDER BY 1"


class Entry(NamedTuple):
    """An address without its origin, and the day its page last changed, if that is known."""

    path: str
    day: date | None = None


async def parts() -> list[Entry]:
    """The parts: one of the front page and all lists, then the products by address."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(PARTS)
    return [Entry(part_url("lists")), *(Entry(part_url(f"products-{row['n'] + 1}"), row["day"]) for row in rows)]


async def lists() -> list[Entry]:
    """The front page, categories and collections; sorted, so that the part changes with them alone."""
    async with reading(EVERYONE) as db:
        return [*map(Entry, PAGES), *(Entry(category_url(row["path"])) for row in await db.fetch(LISTS))]


async def products(number: int) -> list[Entry]:
    """Part `number` (from 1) of the products on sale; empty past the last one."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(PRODUCTS, (number - 1) * PART)
    return [Entry(product_url(row["slug"]), row["day"]) for row in rows]


def part_url(name: str) -> str:
    """Where a part is, by its name: `lists` or `products-<number>`."""
    return f"/sitemap/{name}.xml"


def index_xml(entries: Iterable[Entry]) -> bytes:
    """The index of the parts."""
    return _xml("sitemapindex", "sitemap", entries)


def part_xml(entries: Iterable[Entry]) -> bytes:
    """One part."""
    return _xml("urlset", "url", entries)


def _xml(root: str, each: str, entries: Iterable[Entry]) -> bytes:
    lines = [
        f"<{each}><loc>{escape(settings().public_origin + path)}</loc>{_lastmod(day)}</{each}>" for path, day in entries
    ]
    return "\n".join([f'{HEAD}<{root} xmlns="{SPACE}">', *lines, f"</{root}>", ""]).encode()


def _lastmod(day: date | None) -> str:
    return f"<lastmod>{day.isoformat()}</lastmod>" if day else ""

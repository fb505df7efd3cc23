"""A shop of eight products of which every kept answer can be looked at, before a change and after it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec

from app.db.engines import EVERYONE, writing
from app.main import create_app
from app.settings import settings
from jobs.edges import Edges
from tests import makers
from tests.conftest import ANONYMOUS_FORM

NOTED = "SELECT body FROM outbox WHERE xmin = pg_current_xact_id()::xid AND kind = 'changed'"


class Kept(msgspec.Struct, frozen=True):
    """What the edge would keep of one answer: what a visitor sees of it, its tags, and for how many seconds."""

    seen: tuple[int, bytes, str]
    tags: frozenset[str]
    ttl: int


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What a statement did, by the names of pages: those that look different now, and those whose kept copy was purged."""

    shown: set[str]
    purged: set[str]


class SmallShop:
    """`rows` by the names that statements use, `pages` by name -> address."""

    def __init__(self, rows: SimpleNamespace, pages: dict[str, str]) -> None:
        self.rows, self.pages = rows, pages
        self.kept: dict[str, Kept] = {}
        self.some = asyncio.Semaphore(6)
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app()),  # type: ignore[arg-type]
            base_url=settings().public_origin,
            headers=ANONYMOUS_FORM,
        )

    async def look(self) -> dict[str, Kept]:
        """Every page, rendered now."""
        answers = await asyncio.gather(*(self._get(url) for url in self.pages.values()))
        self.kept = dict(zip(self.pages, map(kept, answers), strict=True))
        return self.kept

    async def _get(self, url: str) -> httpx.Response:
        async with (
            self.some
        ):  # not more at once than there are connections: on a busy machine the last would wait too long
            return await self.browser.get(url)

    async def change(self, sql: str) -> Changed:
        """Runs the statement, and renders every page anew; what it spoils is what the relay makes of what the triggers noted."""
        before = self.kept or await self.look()
        async with writing(EVERYONE) as db:
            await db.execute(sql.format(**vars(self.rows)))
            bodies = [row["body"] for row in await db.fetch(NOTED)]
        spoiled = await Edges(settings()).tags_of("changed", bodies)
        after = await self.look()
        return Changed(
            shown={name for name in before if before[name].seen != after[name].seen},
            purged={name for name in before if before[name].tags & spoiled},
        )


def kept(answer: httpx.Response) -> Kept:
    seen = answer.status_code, answer.content, answer.headers.get("location", "")
    assert answer.headers["x-vitrine-keep"] == "1", answer.url
    ttl = int(answer.headers["cache-control"].rpartition("s-maxage=")[2])
    return Kept(seen, frozenset(answer.headers["xkey"].split()), ttl)


async def a_small_shop() -> SmallShop:
    """Two departments. On the table stand pots; the clock on the wall has nothing in common with them."""
    table, wall = await makers.a_category(title="Table", top=True), await makers.a_category(title="Wall", top=True)
    pots = await makers.a_category(title="Pots", parent=table)
    sizes: list[dict[str, Any]] = [{"options": {"size": "s"}}, {"options": {"size": "m"}, "price": 1900}]
    facet = {"label": "Size", "is_facet": True}
    kind = await makers.a_product_type([facet | {"code": "size", "is_option": True}, facet | {"code": "material"}])
    pot = await makers.a_product(
        title="Pell pot", slug="pot", category=pots, type_id=kind, variants=sizes, rank=1, attributes={"material": "clay"}
    )  # fmt: skip
    rows = SimpleNamespace(
        table=table,
        wall=wall,
        pots=pots,
        pot=pot,
        jug=await makers.a_product(title="Jug", slug="jug", category=pots, rank=2, price=900, band="few"),
        clock=await makers.a_product(title="Clock", slug="clock", category=wall, attributes={"material": "oak"}),
        draft=await makers.a_product(title="Cup", slug="cup", category=pots, rank=3, status="draft"),
        gone=await makers.a_product(title="Bowl", slug="bowl", category=pots, status="archived"),
        picture=await makers.a_picture(pot),
        review=await makers.a_review(pot, rating=4),
        unread=await makers.a_review(pot, rating=1, state="pending"),
    )
    await _lists(rows)
    return SmallShop(rows, _pages(rows))


async def _lists(rows: SimpleNamespace) -> None:
    rows.chosen = await makers.a_collection(products=[rows.jug], title="Chosen")
    rows.sale = await makers.a_collection(rule={"kind": "on_sale"})
    rows.few = await makers.a_collection(rule={"kind": "last_few"})
    rows.under = await makers.a_collection(rule={"kind": "under", "amount": 1000})
    rows.oak = await makers.a_collection(rule={"kind": "attribute", "code": "material", "value": "oak"})
    rows.hero = await makers.a_block("hero", {"title": "Made well", "picture": rows.picture})
    await makers.a_block("products", {"title": "On the table", "category": rows.table.path}, position=1)
    await makers.a_block("products", {"title": "Chosen", "collection": rows.chosen.slug}, position=2)
    await makers.a_block("products", {"title": "By name", "products": ["clock", "cup"]}, position=3)
    rows.hidden = await makers.a_block("notice", {"text": "Not yet"}, position=4, published=False)
    await makers.a_redirect("/p/old-pot", "/p/pot")
    await makers.a_shipping_method()


def _pages(rows: SimpleNamespace) -> dict[str, str]:
    lists = {
        name: getattr(rows, name).url for name in ("table", "wall", "pots", "chosen", "sale", "few", "under", "oak")
    }
    products = {name: f"/p/{name}" for name in ("pot", "jug", "clock", "cup", "bowl", "old-pot", "no-such")}
    panels = {f"{name} panel": f"/_f/variant/{name}" for name in ("pot", "clock", "cup")}
    beside = {
        f"{name} {what}": f"/_f/{what}/{name}" for name in ("pot", "clock") for what in ("related", "quick", "card")
    }
    return lists | products | panels | beside | {
        "home": "/",
        "pot m": "/p/pot?o_size=m",
        "pot m panel": "/_f/variant/pot?o_size=m",
        "pot reviews": "/p/pot/reviews",
        "clock reviews": "/p/clock/reviews",
        "pot low reviews": "/p/pot/reviews?stars=1",
        "pots by price": f"{rows.pots.url}?sort=price-up",
        "pots in stock": f"{rows.pots.url}?stock=in",
        "small pots": f"{rows.pots.url}?f_size=s",
        "compare": "/compare?p=jug&p=pot",
        "chosen new": f"{rows.chosen.url}?offer=new",
        "pots 2": f"{rows.pots.url}?page=2",
        "no such list": "/c/no-such",
        "sitemap": "/sitemap.xml",
        "sitemap lists": "/sitemap/lists.xml",
        "sitemap products": "/sitemap/products-1.xml",
        "contact": "/contact",
        "delivery": "/delivery",
        "privacy": "/privacy",
        "robots": "/robots.txt",
        "search": "/search?q=pot",
        "suggest": "/_f/suggest?q=po",
    }  # fmt: skip

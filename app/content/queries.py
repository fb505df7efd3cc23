from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import msgspec

from app.catalog import queries as catalog
from app.content.rules import Body
from app.db.engines import EVERYONE, reading
from app.edge import tags
from app.settings import settings


class Hero(msgspec.Struct, frozen=True, kw_only=True):
    kind: ClassVar[str] = "hero"

    title: str
    text: str
    link_title: str
    link_url: str
    picture: catalog.Picture


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    url: str
    picture: catalog.Picture | None


class Categories(msgspec.Struct, frozen=True, kw_only=True):
    kind: ClassVar[str] = "categories"

    title: str
    items: list[Tile]

    @property
    def pictured(self) -> bool:
        """Whether they have pictures: all have, or none."""
        return any(tile.picture for tile in self.items)


class Products(msgspec.Struct, frozen=True, kw_only=True):
    kind: ClassVar[str] = "products"

    title: str
    link_title: str
    link_url: str
    cards: list[catalog.Card]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    kind: ClassVar[str] = "story"

    title: str
    text: str
    link_title: str
    link_url: str
    picture: catalog.Picture


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    kind: ClassVar[str] = "notice"

    text: str


Block = Hero | Categories | Products | Story | Notice


class HomeView(msgspec.Struct, frozen=True, kw_only=True):
    """The home page; `until`: when something scheduled joins it."""

    blocks: list[Block]
    tags: frozenset[str]
    until: datetime | None


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A way to deliver; sums in minor units. `free_from`: the goods' sum from which it costs nothing; `bulky`: for what fits no parcel."""

    title: str
    promise: str
    price: int
    free_from: int | None
    bulky: int | None


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """How things come, and how they go back."""

    ways: list[Way]
    currency: str
    return_days: int
    tags: frozenset[str]


class MenuView(msgspec.Struct, frozen=True, kw_only=True):
    """What every page leads to: the departments at its top, and at its foot collections, too."""

    items: list[catalog.Link]
    collections: list[catalog.Link]


MOST_COLLECTIONS = 12  # that the foot of every page leads to

ROW = """b.kind, b.body,
        (SELECT json_object_agg(i.hash, json_build_object('hash', i.hash, 'alt', i.alt, 'width', i.width, 'height', i.height))
         FROM picture i WHERE to_jsonb(i.hash) <@ jsonb_path_query_array(b.body, '$.**.picture')) AS pictures"""
BLOCKS = f"SELECT {ROW} FROM block b WHERE b.page = $1 AND b.published ORDER BY b.position, b.id"  # noqa: S608 - constants
TRIED = f"SELECT {ROW} FROM (SELECT $1::text AS kind, $2::jsonb AS body) b"  # noqa: S608 - constants

MENU = f"""
    SELECT title, path, true AS department, position FROM category WHERE parent_id IS NULL
    UNION ALL (SELECT title, slug, false, position FROM collection ORDER BY position, title, slug LIMIT {MOST_COLLECTIONS})
    ORDER BY position, title, path
"""  # noqa: S608 - a constant

WAYS = """SELECT title, promise, price, free_from, price + bulky_extra AS bulky FROM shipping_method
    WHERE published AND currency = $1 ORDER BY position, code"""


async def delivery_view() -> DeliveryView:
    """Every way to deliver, in the shop's order."""
    now = settings()
    async with reading(EVERYONE) as db:
        rows = await db.fetch(WAYS, now.currency)
    return DeliveryView(
        ways=[Way(**row) for row in rows],
        currency=now.currency,
        return_days=now.return_days,
        tags=frozenset({tags.ways(), tags.menu()}),
    )


async def home_view() -> HomeView:
    """The published blocks of the home page, in order: one statement for them, one for all their products."""
    async with reading(EVERYONE) as db:
        return await _view(await db.fetch(BLOCKS, "home"))


async def tried_view(kind: str, body: Body) -> HomeView:
    """One block as the page would show it, saved or not."""
    async with reading(EVERYONE) as db:
        return await _view(await db.fetch(TRIED, kind, msgspec.to_builtins(body)))


async def _view(rows: list[Any]) -> HomeView:
    bodies = [msgspec.convert(row["body"], Body) for row in rows]
    wanted = [_shelf(body) for row, body in zip(rows, bodies, strict=True) if row["kind"] == "products"]
    filled = iter(await catalog.shelves(wanted))
    shelves = [next(filled) if row["kind"] == "products" else None for row in rows]
    found = [shelf for shelf in shelves if shelf]
    return HomeView(
        blocks=[_block(row, body, shelf) for row, body, shelf in zip(rows, bodies, shelves, strict=True)],
        tags=frozenset(tags.rolled_up({tags.blocks("home")}.union(*(shelf.tags for shelf in found)))),
        until=min((shelf.until for shelf in found if shelf.until), default=None),
    )


def _shelf(body: Body) -> catalog.Shelf:
    return catalog.Shelf(collection=body.collection, category=body.category, slugs=body.products, most=body.count)


def _block(row: Any, body: Body, shelf: catalog.Filled | None) -> Block:
    pictures = row["pictures"] or {}
    about = {"title": body.title, "link_title": body.link_title, "link_url": body.link_url}
    match row["kind"]:
        case "hero":
            return Hero(**about, text=body.text, picture=catalog.picture_of(pictures.get(body.picture)))
        case "story":
            return Story(**about, text=body.text, picture=catalog.picture_of(pictures.get(body.picture)))
        case "products":
            assert shelf is not None
            return Products(**about, cards=shelf.cards)
        case "categories":
            return Categories(title=body.title, items=[_tile(item, pictures) for item in body.items])
        case _:
            return Notice(text=body.text)


def _tile(item: dict[str, str], pictures: dict[str, Any]) -> Tile:
    picture = item.get("picture")
    return Tile(
        title=item["title"], url=item["url"], picture=catalog.picture_of(pictures.get(picture)) if picture else None
    )


async def menu_view() -> MenuView:
    """The categories at the top of the tree and the shop's first collections, in the shop's order."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(MENU)
    return MenuView(
        items=[_link(row) for row in rows if row["department"]],
        collections=[_link(row) for row in rows if not row["department"]],
    )


def _link(row: Any) -> catalog.Link:
    return catalog.Link(title=row["title"], url=catalog.category_url(row["path"]))

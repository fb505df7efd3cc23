from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from app.catalog import queries as catalog
from app.db.engines import EVERYONE, Database, reading
from app.lists import rules
from app.lists.rules import LATER, REMOVED, SAVED, Kept
from app.settings import settings
from app.values import read_bucket_mark
from app.web.templates import url

__all__ = [
    "KEPT", "LATER", "REMOVED", "SAVED", "ItemView", "Kept", "ListView",
    "Wishlist", "item_of", "item_view", "items_of", "list_view", "saved_view", "shared_view", "shown", "variant_of",
]  # fmt: skip

KEPT = "id AS item_id, kind, variant_id, chosen, quantity, seen_price, personal_text, list_id"
WISHLIST = "id AS list_id, shopper_id, name, share"
ITEMS = (
    f"SELECT {KEPT} FROM list_item WHERE shopper_id = $1 AND kind = ANY($2) ORDER BY added_at DESC, id DESC LIMIT $3"  # noqa: S608 - constants
)
FIRST = f"""
    SELECT v.id, count(*) OVER () = 1 AS alone FROM variant v JOIN product p ON p.id = v.product_id
    WHERE p.slug = $1 AND v.published AND {catalog.ON_SALE} ORDER BY v.position, v.id LIMIT 1
"""  # noqa: S608 - a constant


TOKEN_LENGTH = 45


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """Something kept, at today's price. `why` not: why it can't be bought; `cheaper`: what it costs less by since it was kept.

    Not `chosen`: which one, or what is to be written on it, is still to be said, on its page.
    """

    item_id: UUID
    title: str
    variant_title: str
    url: str
    picture: catalog.Picture
    quantity: int
    price: int
    currency: str
    band: str
    policy: str = ""
    lead_days: int = 0
    back_on: date | None = None
    why: str
    chosen: bool
    cheaper: int
    personal_label: str = ""
    personal_text: str = ""
    variant_id: UUID
    slug: str


class Wishlist(msgspec.Struct, frozen=True, kw_only=True):
    """A list with a name. `share`: what its public link ends in, if there is one."""

    list_id: UUID
    shopper_id: UUID
    name: str
    share: str | None


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """What is saved, or on one list. `counts`: by list; None: on the shopper's own, which also knows the `hearts`: products on any."""

    items: list[ItemView]
    hearts: list[str] = []
    lists: list[Wishlist] = []
    counts: dict[UUID | None, int] = {}


async def items_of(db: Database, shopper_id: UUID, kinds: Sequence[str]) -> list[Kept]:
    """What the shopper keeps, newest first, in an open transaction of their shard."""
    return [Kept(**row) for row in await db.fetch(ITEMS, shopper_id, kinds, rules.MOST * len(kinds))]


async def item_of(shopper_id: UUID, item_id: UUID) -> Kept | None:
    """One of them. Somebody else's answers the same as none."""
    async with reading(shopper_id) as db:
        sql = f"SELECT {KEPT} FROM list_item WHERE shopper_id = $1 AND id = $2"  # noqa: S608 - a constant
        row = await db.fetchrow(sql, shopper_id, item_id)
    return Kept(**row) if row else None


async def saved_view(shopper_id: UUID) -> ListView:
    """All that is on their lists at today's prices, in two reads: their shard, then the catalogue."""
    async with reading(shopper_id) as db:
        kept = await items_of(db, shopper_id, [SAVED])
    return ListView(items=await _priced(kept))


async def list_view(shopper_id: UUID, list_id: UUID | None) -> ListView:
    """One list at today's prices, and which others there are: their shard, then the catalogue."""
    async with reading(shopper_id) as db:
        kept = await items_of(db, shopper_id, [SAVED])
        sql = f"SELECT {WISHLIST} FROM wishlist WHERE shopper_id = $1 ORDER BY name, id"  # noqa: S608 - a constant
        lists = [Wishlist(**row) for row in await db.fetch(sql, shopper_id)]
    read = [each for each in kept if list_id in (None, each.list_id)]
    items = await _priced(read)
    here = [item for item, each in zip(items, read, strict=True) if each.list_id == list_id]
    hearts = [] if list_id else sorted({item.slug for item in items if item.slug})
    return ListView(items=here, hearts=hearts, lists=lists, counts=dict(Counter(each.list_id for each in kept)))


async def shared_view(token: str) -> tuple[str, list[ItemView]] | None:
    """Name and things of the list that this link shows, or None when it shows none any more."""
    bucket = read_bucket_mark(token)
    if bucket is None or len(token) != TOKEN_LENGTH:
        return None
    async with reading(bucket) as db:
        row = await db.fetchrow("SELECT id, name, shopper_id FROM wishlist WHERE share = $1", token)
        kept = await items_of(db, row["shopper_id"], [SAVED]) if row else []
    return (row["name"], await _priced([each for each in kept if each.list_id == row["id"]])) if row else None


async def _priced(kept: Sequence[Kept]) -> list[ItemView]:
    return shown(kept, await catalog.sellables([each.variant_id for each in kept]) if kept else {})


def shown(kept: Sequence[Kept], offers: Mapping[UUID, catalog.Sellable]) -> list[ItemView]:
    """Kept things at the prices of `offers`."""
    return [item_view(each, offers.get(each.variant_id)) for each in kept]


def item_view(kept: Kept, offer: catalog.Sellable | None) -> ItemView:
    """One of them; without an offer the catalogue has forgotten it."""
    if offer is None:
        return _gone(kept)
    offer = offer.saying(kept.personal_text)
    wrong = offer.text_refused
    price = offer.price_for(1) if offer.available else kept.seen_price
    out = offer.policy == "stock" and offer.band == "out"
    return ItemView(
        item_id=kept.item_id,
        title=offer.title,
        variant_title=offer.variant_title if kept.chosen else "",
        url=offer.url,
        picture=offer.picture,
        quantity=kept.quantity,
        price=price,
        currency=offer.currency,
        band=offer.band,
        policy=offer.policy,
        lead_days=offer.lead_days,
        back_on=offer.back_on,
        why="No longer sold" if not offer.available else "Sold out" if out and kept.chosen else _said(kept, wrong),
        chosen=kept.chosen and not wrong,
        cheaper=rules.cheaper(kept.seen_price, price),
        personal_label=offer.personal_label,
        personal_text=kept.personal_text,
        variant_id=kept.variant_id,
        slug=slug_of(offer.url),
    )


def slug_of(address: str) -> str:
    """The product's name in its own address."""
    return address.partition("?")[0].rpartition("/")[2]


def _said(kept: Kept, wrong: str | None) -> str:
    """A text that can't be written any more is told; one that is missing is asked for on the product's page."""
    return wrong if wrong and kept.personal_text else ""


def _gone(kept: Kept) -> ItemView:
    return ItemView(
        item_id=kept.item_id,
        title="Something we no longer sell",
        variant_title="",
        url=url("home"),
        picture=catalog.picture_of(None),
        quantity=kept.quantity,
        price=kept.seen_price,
        currency=settings().currency,
        band="in",
        why="No longer sold",
        chosen=kept.chosen,
        cheaper=0,
        variant_id=kept.variant_id,
        slug="",
    )


async def variant_of(slug: str) -> tuple[UUID, bool] | None:
    """The first variant of a product on sale, and whether it is the only one; None for no such product."""
    async with reading(EVERYONE) as db:
        row = await db.fetchrow(FIRST, slug)
    return (row["id"], row["alone"]) if row else None

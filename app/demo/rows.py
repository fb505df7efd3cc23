"""From drafts to rows: which columns each table is filled with, in the order COPY wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.demo import looks
from app.demo.draft import Draft
from app.demo.generate import variants
from app.demo.mint import mint, sibling
from app.demo.wording import words_of

Row = tuple[Any, ...]
Offer = tuple[int, int | None, str]  # pence, pence before, band
EURO = 1.2  # euros to a pound, rounded up to whole tens of cents: a price people would print
FEW = 3


class Shop(msgspec.Struct, frozen=True):
    """What rows need to know of the shop: its clock and its default market."""

    now: datetime
    market: str


class Batch(msgspec.Struct):
    """Rows by table, some products' worth; `pictures`: the hashes of those that are in it."""

    tables: dict[str, list[Row]] = msgspec.field(default_factory=dict)
    pictures: set[str] = msgspec.field(default_factory=set)
    products: int = 0

    def add(self, table: str, *row: Any) -> None:
        self.tables.setdefault(table, []).append(row)


def text(value: Any) -> str:
    """JSON as asyncpg wants it for a jsonb column."""
    return msgspec.json.encode(value).decode()


def batch_of(drafts: Sequence[tuple[int, Draft]], shop: Shop, said: Sequence[Row] = ()) -> Batch:
    """The rows of some products and of their reviews. Each product comes with its rank: its place in lists and the order of its id."""
    batch = Batch()
    ratings: dict[UUID, tuple[int, int]] = {}
    for review in said:
        if review[6] == "approved":
            total, many = ratings.get(review[1], (0, 0))
            ratings[review[1]] = (total + review[3], many + 1)
    for rank, draft in drafts:
        _product(batch, draft, rank, shop, ratings)
        batch.products += 1
    batch.tables["review"] = list(said)
    return batch


def product_id(slug: str, rank: int) -> UUID:
    return mint("product", slug, rank)


def _product(batch: Batch, draft: Draft, rank: int, shop: Shop, ratings: dict[UUID, tuple[int, int]]) -> None:
    id = product_id(draft.slug, rank)
    gallery = looks.gallery(draft)
    since = shop.now - timedelta(days=draft.age, minutes=rank % 600)
    publish_at = _nine_tomorrow(shop.now) if draft.publish_in else since if draft.status == "published" else None
    for place, row in enumerate(gallery):
        _picture(batch, row)
        batch.add("product_picture", sibling(id, place), id, None, row[0], place)
    offers = [
        _variant(batch, draft, (id, rank, place), chosen, shop) for place, chosen in enumerate(variants(draft.options))
    ]
    batch.add(
        "product", id, draft.slug, draft.title, draft.subtitle, draft.description, mint("product_type", draft.kind),
        mint("maker", draft.maker), mint("category", draft.category), draft.status, publish_at,
        text(draft.attributes), draft.keywords, rank, "GBP", gallery[0][0], since, since,
        *_listed(offers), *ratings.get(id, (0, 0)), text(draft.personal) if draft.personal else None,
        "bulky" if draft.bulky else "parcel", draft.one_each,
    )  # fmt: skip


def _listed(offers: list[Offer]) -> tuple[int, int, int | None, str]:
    """price_from, price_to, was_from and band, as the triggers of catalog/listing.sql keep them."""
    amounts = [amount for amount, _, _ in offers]
    was = min((was for amount, was, _ in offers if amount == min(amounts) and was), default=None)
    bands = {band for _, _, band in offers}
    return min(amounts), max(amounts), was, next(band for band in ("in", "few", "later", "out") if band in bands)


def _nine_tomorrow(now: datetime) -> datetime:
    return (now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def _picture(batch: Batch, row: looks.Row) -> None:
    if row[0] not in batch.pictures:
        batch.pictures.add(row[0])
        batch.add("picture", *row)


def _variant(batch: Batch, draft: Draft, home: tuple[UUID, int, int], chosen: dict[str, str], shop: Shop) -> Offer:
    """One variant with its prices, its picture, and its stock on both sides. Returns what lists need of it.

    `home`: its product, the rank of that, and its own place in it.
    """
    product, rank, place = home
    sku = "-".join([draft.sku, *(_mark(value) for value in chosen.values())])
    id = mint("variant", sku, rank)
    title = ", ".join(words_of(draft.kind, code, value) for code, value in chosen.items())
    back_on = (shop.now + timedelta(days=draft.back_in)).date() if draft.back_in else None
    batch.add("variant", id, product, sku, title, text(chosen), place, True, draft.policy, draft.lead_days, back_on)
    row = looks.front(draft, chosen)
    _picture(batch, row)
    batch.add("product_picture", id, product, id, row[0], 100 + place)
    amount, was = _prices(batch, draft, id, chosen, shop)
    on_hand = units(draft, chosen, place)
    band = band_of(draft.policy, on_hand)
    batch.add("stock", id, on_hand, draft.policy, FEW, draft.lead_days, back_on, band)
    if on_hand:
        batch.add("stock_ledger", sibling(id, 1), id, on_hand, "opening", "seed", shop.now)
    batch.add("stock_band", id, band, back_on, 0, shop.now)
    return amount, was, band


def _mark(value: str) -> str:
    """A value inside a stock keeping unit."""
    return value.replace("-", "").upper()[:9]


def _prices(batch: Batch, draft: Draft, variant: UUID, chosen: dict[str, str], shop: Shop) -> tuple[int, int | None]:
    """Price rows of a variant. Returns what one costs, and what it cost before a reduction."""
    amount = draft.price + sum(draft.extra.get(code, {}).get(value, 0) for code, value in chosen.items())
    was = _tidy(amount * (100 + draft.was) // 100) if draft.was else None
    since = shop.now - timedelta(days=draft.age)
    batch.add("price", sibling(variant, 0), variant, shop.market, "GBP", amount, was, 1, since)
    for least, off in draft.breaks:
        batch.add(
            "price",
            sibling(variant, least),
            variant,
            shop.market,
            "GBP",
            amount * (100 - off) // 100,
            None,
            least,
            since,
        )
    if draft.euro:
        euros = -int(-amount * EURO // 10) * 10
        batch.add("price", sibling(variant, 1), variant, "de", "EUR", euros, None, 1, since)
    if draft.offer:
        off, began, left = draft.offer
        window = (shop.now - timedelta(days=began), shop.now + timedelta(days=left))
        batch.add("timed_price", sibling(variant, 0), variant, shop.market, "GBP", amount * (100 - off) // 100, *window)
    return amount, was


def _tidy(amount: int) -> int:
    """An old price as it would have been printed: whole fifty pence."""
    return -(-amount // 50) * 50


def units(draft: Draft, chosen: dict[str, str], place: int) -> int:
    """What is on the shelf when the shop opens; `scarce` names values, joined by + where it takes several."""
    for values, many in draft.scarce.items():
        if set(values.split("+")) <= set(chosen.values()):
            return many
    return max(0, draft.on_hand + place * 7 % 5 - 2) if draft.on_hand > FEW else draft.on_hand


def band_of(policy: str, on_hand: int) -> str:
    """What pages say of untouched stock; inventory/stock.sql says the same in SQL."""
    if policy == "preorder":
        return "later"
    if on_hand > FEW:
        return "in"
    if on_hand:
        return "few"
    return "later" if policy == "made_to_order" else "out"

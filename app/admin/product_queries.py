from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from babel.numbers import get_currency_symbol

from app.admin import rules
from app.catalog.queries import Personal
from app.db.engines import EVERYONE, Database, all_shards, reading, writing
from app.db.sharding import by_shard
from app.settings import settings
from app.web.templates import url

PER_PAGE = 50


class ProductRow(msgspec.Struct, frozen=True, kw_only=True):
    """A product in the list. Prices in minor units, None without any."""

    product_id: UUID
    slug: str
    title: str
    maker: str
    category: str
    status: str
    price_from: int | None
    price_to: int | None
    currency: str
    band: str
    updated_at: datetime

    @property
    def shop_url(self) -> str:
        return shop_url(self.slug)


class ProductRows(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the list; `counts` by status among all that the search found."""

    rows: list[ProductRow]
    counts: dict[str, int]


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A price for a while: the one that `runs`, or else the next. `lowest`: of the 30 days before it; `more`: how many come after."""

    amount: int
    starts_at: datetime
    ends_at: datetime | None
    runs: bool
    lowest: int | None
    more: int


class VariantRow(msgspec.Struct, frozen=True, kw_only=True):
    """A variant with its price and stock. `shown_was`: the earlier price shoppers see now, if any. `on_hand` and `reserved` are None where no stock is kept."""

    variant_id: UUID
    sku: str
    title: str
    published: bool
    policy: str
    amount: int | None
    was: int | None
    breaks: list[tuple[int, int]]
    shown_was: int | None
    planned: Planned | None
    band: str
    on_hand: int | None = None
    reserved: int | None = None

    @property
    def available(self) -> int:
        return (self.on_hand or 0) - (self.reserved or 0)


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product as staff edit it."""

    product_id: UUID
    slug: str
    title: str
    subtitle: str
    description: str
    beside: str
    status: str
    version: int
    currency: str
    personalisation: Personal | None
    shipping_class: str
    one_each: bool
    maker: str
    category: str
    updated_at: datetime
    variants: list[VariantRow]

    @property
    def symbol(self) -> str:
        return get_currency_symbol(self.currency, settings().locale)

    @property
    def shop_url(self) -> str:
        return shop_url(self.slug)


# Two searches side by side, so that each can use its index.
FOUND = """
    SELECT id FROM product WHERE $1 = ''
    UNION SELECT id FROM product WHERE $1 <> '' AND title ILIKE $2
    UNION SELECT product_id FROM variant WHERE $1 <> '' AND sku IN ($1, upper($1))
"""

ORDERS_BY = {"title": "p.title, p.id", "changed": "p.updated_at DESC, p.id"}

ROWS = """
    SELECT p.id AS product_id, p.slug, p.title, m.name AS maker, c.title AS category, p.status, p.price_from,
        p.price_to, p.currency, p.band, p.updated_at
    FROM product p JOIN maker m ON m.id = p.maker_id JOIN category c ON c.id = p.category_id
    WHERE p.id IN ({found}) AND ($3 = '' OR p.status = $3) ORDER BY {order} LIMIT $4 OFFSET $5
"""

COUNTS = "SELECT status, count(*) AS many FROM product WHERE id IN ({found}) GROUP BY status"

PRODUCT = """
    SELECT p.id AS product_id, p.slug, p.title, p.subtitle, p.description, p.status, p.version, p.currency, p.personalisation, p.shipping_class, p.one_each,
        p.updated_at, m.name AS maker, c.title AS category,
        coalesce((SELECT string_agg(o.slug, chr(10) ORDER BY a.position, a.id) FROM association a
            JOIN product o ON o.id = a.other_id WHERE a.product_id = p.id), '') AS beside
    FROM product p JOIN maker m ON m.id = p.maker_id JOIN category c ON c.id = p.category_id WHERE p.id = $1
"""

VARIANTS = """
    SELECT v.id AS variant_id, v.sku, v.title, v.published, v.policy, coalesce(b.band, 'out') AS band,
        r.amount, r.was, r.breaks,
        (SELECT was FROM price_now WHERE variant_id = v.id AND market = $2 AND min_quantity = 1) AS shown_was,
        (SELECT json_build_object('amount', t.amount, 'starts_at', t.starts_at, 'ends_at', t.ends_at, 'runs', t.starts_at <= now(),
            'lowest', lowest_price(v.id, $2, greatest(t.starts_at, t.since)), 'more', count(*) OVER () - 1)
         FROM timed_price t WHERE t.variant_id = v.id AND t.market = $2 AND (t.ends_at IS NULL OR t.ends_at > now())
         ORDER BY t.starts_at LIMIT 1) AS planned
    FROM variant v LEFT JOIN stock_band b ON b.variant_id = v.id LEFT JOIN LATERAL (
        SELECT max(amount) FILTER (WHERE min_quantity = 1) AS amount, max(was) FILTER (WHERE min_quantity = 1) AS was,
            coalesce(jsonb_agg(jsonb_build_array(min_quantity, amount) ORDER BY min_quantity)
                FILTER (WHERE min_quantity > 1), '[]') AS breaks
        FROM price WHERE variant_id = v.id AND market = $2) r ON true
    WHERE v.product_id = $1 ORDER BY v.position, v.id
"""


def shop_url(slug: str) -> str:
    """Where shoppers see the product."""
    return settings().public_origin + url("product", slug=slug)


async def product_rows(q: str, status: str, *, sort: str, page: int) -> ProductRows:
    """One page of the products whose title holds `q` or that have a variant with this SKU."""
    pattern = rules.like(q)
    async with reading(EVERYONE) as db:
        rows = await db.fetch(
            ROWS.format(found=FOUND, order=ORDERS_BY[sort]), q, pattern, status, PER_PAGE, (page - 1) * PER_PAGE
        )
        counts = await db.fetch(COUNTS.format(found=FOUND), q, pattern)
    return ProductRows(
        rows=[msgspec.convert(dict(row), ProductRow) for row in rows],
        counts={row["status"]: row["many"] for row in counts},
    )


async def product(product_id: UUID) -> Product | None:
    """A product with its variants, prices and stock, or None."""
    async with writing(EVERYONE) as db:  # the primary: a replica may not know yet what was saved a moment ago
        row = await db.fetchrow(PRODUCT, product_id)
        found = await db.fetch(VARIANTS, product_id, settings().market) if row else []
    if row is None:
        return None
    stock = await stock_of([each["variant_id"] for each in found])
    variants = [msgspec.convert(dict(each) | stock.get(each["variant_id"], {}), VariantRow) for each in found]
    return msgspec.convert(dict(row) | {"variants": variants}, Product)


async def stock_of(variant_ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Units on hand and reserved by variant, with one statement per shard that holds any of them."""
    found: dict[UUID, dict[str, int]] = {}
    for bucket, ids in by_shard(variant_ids, all_shards()).items():
        async with reading(bucket) as db:
            found |= await _stock_here(db, ids)
    return found


async def _stock_here(db: Database, ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    rows = await db.fetch("SELECT variant_id, on_hand, reserved FROM stock WHERE variant_id = ANY($1)", ids)
    return {row["variant_id"]: {"on_hand": row["on_hand"], "reserved": row["reserved"]} for row in rows}

"""What carts and orders must know of a variant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any
from uuid import UUID

import msgspec

from app.catalog import clock, rules
from app.catalog.arrival import Arrival, Goods, Travel, arrival, pays_first, together
from app.catalog.cards import ON_SALE
from app.catalog.personal import Personal
from app.catalog.pictures import picture_of
from app.catalog.views import Sellable, product_url
from app.db.engines import EVERYONE, reading
from app.settings import settings
from app.values import now, today

SELLABLES = f"""
    SELECT v.id AS variant_id, p.id AS product_id, p.slug, p.title, v.title AS variant_title, v.sku, v.policy, v.lead_days, p.currency, p.personalisation, p.shipping_class, p.one_each,
        coalesce(b.band, 'out') AS band, coalesce(b.back_on, v.back_on) AS back_on, v.published AND {ON_SALE} AS on_sale,
        (SELECT json_agg(json_build_array(min_quantity, amount) ORDER BY min_quantity) FROM price_now
         WHERE variant_id = v.id AND market = $2 AND currency = p.currency) AS prices,
        (SELECT json_build_object('hash', i.hash, 'alt', i.alt, 'width', i.width, 'height', i.height)
         FROM picture i WHERE i.hash = coalesce((SELECT s.picture_hash FROM product_picture s
            WHERE s.product_id = p.id AND s.variant_id = v.id ORDER BY s.position LIMIT 1), p.picture_hash)) AS picture
    FROM variant v JOIN product p ON p.id = v.product_id LEFT JOIN stock_band b ON b.variant_id = v.id
    WHERE v.id = ANY($1)
"""  # noqa: S608 - constants


def arrives_together(offers: Iterable[Sellable], days: tuple[int, int]) -> Arrival | None:
    """When these arrive, sent together on a way that takes from `days[0]` to `days[1]` business days."""
    travel, cut_off = Travel(least=days[0], most=days[1]), time.fromisoformat(settings().cut_off)
    goods = [Goods(**{name: getattr(offer, name) for name in Goods.__struct_fields__}) for offer in offers]
    return together([arrival(each, travel, now(), cut_off) for each in goods])


async def sellables(variant_ids: Sequence[UUID]) -> dict[UUID, Sellable]:
    """What carts and orders need of these variants, in one statement; those that do not exist are missing.

    Inside a transaction on a shard it would cross databases: call it before.
    """
    async with reading(EVERYONE, one_plan=True) as db:
        rows = await db.fetch(SELLABLES, list(variant_ids), settings().market)
    return {row["variant_id"]: _sellable(row) for row in rows}


async def variants_beside(variant_id: UUID) -> list[UUID]:
    """All variants of the same product, this one among them."""
    async with reading(EVERYONE) as db:
        rows = await db.fetch(
            "SELECT id FROM variant WHERE product_id = (SELECT product_id FROM variant WHERE id = $1)", variant_id
        )
    return [row["id"] for row in rows]


def _sellable(row: Any) -> Sellable:
    prices = row["prices"] or []
    priced = bool(prices) and prices[0][0] == 1
    back_on = clock.ahead(row["back_on"], today())
    goods = Goods(policy=row["policy"], band=row["band"], lead_days=row["lead_days"], back_on=back_on)
    return Sellable(
        **{name: row[name] for name in ("variant_id", "product_id", "slug", "title", "variant_title", "sku")},
        **{name: row[name] for name in ("currency", "band", "policy", "lead_days", "one_each")},
        back_on=back_on,
        pays_first=pays_first(goods, today()),
        url=product_url(row["slug"]),
        unit_price=prices[0][1] if priced else 0,
        breaks=rules.breaks_of(prices) if priced else [],
        available=priced and row["on_sale"],
        picture=picture_of(row["picture"]),
        foreign=row["currency"] != settings().currency,
        bulky=row["shipping_class"] == "bulky",
        personal=msgspec.convert(row["personalisation"], Personal | None),
    )

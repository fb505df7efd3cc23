"""A product's page and its panel: everything they show, read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from app.catalog import clock, rules
from app.catalog.arrival import Travel
from app.catalog.cards import ON_SALE
from app.catalog.panel import Offer, panel_of
from app.catalog.personal import Personal
from app.catalog.pictures import Picture, picture_of
from app.catalog.product_views import Maker, ProductView, QuickView, VariantPanel
from app.catalog.sharing import data_of
from app.catalog.views import Crumb, category_url, product_url
from app.db.engines import EVERYONE, Database, reading
from app.edge import tags
from app.reviews.queries import reviews_view
from app.settings import settings
from app.values import today

OFFER = f"""
    SELECT p.id, p.slug, p.title, p.subtitle, p.description, p.currency, p.personalisation, p.shipping_class, p.one_each, p.attributes, p.category_id, p.maker_id, p.type_id,
        t.attributes AS kinds, json_build_object('name', m.name, 'place', m.place, 'story', m.story) AS maker,
        (SELECT json_agg(json_build_object('id', v.id, 'sku', v.sku, 'title', v.title, 'options', v.options, 'policy', v.policy,
                'lead_days', v.lead_days, 'band', coalesce(b.band, 'out'), 'back_on', coalesce(b.back_on, v.back_on), 'prices', r.prices,
                'proved', r.proved, 'ends', r.ends, 'turns', price_turn(ARRAY[v.id]))
            ORDER BY v.position, v.id)
         FROM variant v LEFT JOIN stock_band b ON b.variant_id = v.id
         JOIN LATERAL (SELECT json_agg(json_build_array(min_quantity, amount, was) ORDER BY min_quantity) AS prices,
                bool_or(proved) AS proved, min(ends) AS ends
            FROM price_now WHERE variant_id = v.id AND market = $2 AND currency = p.currency HAVING min(min_quantity) = 1) r ON true
         WHERE v.product_id = p.id AND v.published) AS variants,
        (SELECT json_agg(json_build_object('variant_id', s.variant_id, 'options', o.options, 'hash', i.hash, 'alt', i.alt, 'width', i.width, 'height', i.height)
            ORDER BY s.position, s.id)
         FROM product_picture s JOIN picture i ON i.hash = s.picture_hash LEFT JOIN variant o ON o.id = s.variant_id WHERE s.product_id = p.id) AS pictures,
        (SELECT json_agg(json_build_object('id', a.id, 'title', a.title, 'path', a.path) ORDER BY a.path)
         FROM category c JOIN category a ON a.id = c.id OR starts_with(c.path, a.path || '/') WHERE c.id = p.category_id) AS crumbs,
        (SELECT json_build_object('least', min_days, 'most', max_days) FROM shipping_method
         WHERE published AND currency = p.currency AND min_days IS NOT NULL
            AND (p.shipping_class <> 'bulky' OR bulky_extra IS NOT NULL) ORDER BY position, code LIMIT 1) AS travel,
        (SELECT min(price + bulky_extra) FROM shipping_method WHERE published AND currency = p.currency) AS bulky_from
    FROM product p JOIN maker m ON m.id = p.maker_id JOIN product_type t ON t.id = p.type_id
    WHERE p.slug = $1 AND {ON_SALE}
"""  # noqa: S608 - constants


async def product_view(slug: str, asked: Mapping[str, str]) -> ProductView | None:
    """A product's page with these options asked for (code -> value); None unless the product is on sale."""
    async with reading(EVERYONE) as db:
        row = await _offer_row(db, slug)
        if row is None:
            return None
        reviews = await reviews_view(row["id"], slug)
    offer = _offer(row)
    panel = panel_of(offer, asked)
    maker = Maker(**row["maker"])
    crumbs = [Crumb(title=each["title"], url=category_url(each["path"])) for each in row["crumbs"]]
    return ProductView(
        product_id=offer.id,
        slug=slug,
        title=offer.title,
        subtitle=row["subtitle"],
        paragraphs=rules.paragraphs_of(row["description"]),
        maker=maker,
        crumbs=crumbs,
        panel=panel,
        pictures=_pictures(offer, panel.picture),
        facts=rules.facts_of(offer.attributes, row["attributes"]),
        reviews=reviews,
        canonical=product_url(slug),
        data=data_of(panel, subtitle=row["subtitle"], maker=maker, crumbs=crumbs, reviews=reviews),
        until=panel.until,
        tags=frozenset(offer.tags | _around(row)),
    )


async def quick_view(slug: str) -> QuickView | None:
    """A product at a glance; None unless it is on sale."""
    async with reading(EVERYONE) as db:
        row = await _offer_row(db, slug)
    if row is None:
        return None
    offer = _offer(row)
    return QuickView(
        title=offer.title,
        subtitle=row["subtitle"],
        maker=row["maker"]["name"],
        url=product_url(slug),
        panel=panel_of(offer, {}),
        tags=offer.tags | {tags.maker(row["maker_id"])},
    )


async def variant_panel(slug: str, asked: Mapping[str, str]) -> VariantPanel | None:
    """What of a product can be bought under these options (code -> value); None unless the product is on sale."""
    async with reading(EVERYONE) as db:
        row = await _offer_row(db, slug)
    return panel_of(_offer(row), asked) if row else None


async def _offer_row(db: Database, slug: str) -> Any:
    row = await db.fetchrow(OFFER, slug, settings().market)
    return row if row and row["variants"] else None


def _offer(row: Any) -> Offer:
    bulky = row["shipping_class"] == "bulky"
    named = {tags.bulky()} if bulky else set()
    return Offer(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        currency=row["currency"],
        attributes=msgspec.convert(row["kinds"], list[rules.Attribute]),
        variants=[clock.promising(each, today()) for each in msgspec.convert(row["variants"], list[rules.Variant])],
        pictures=row["pictures"] or [],
        travel=Travel(**row["travel"]) if row["travel"] else None,
        personal=msgspec.convert(row["personalisation"], Personal | None),
        one_each=row["one_each"],
        bulky=bulky,
        bulky_from=row["bulky_from"] if bulky else None,
        tags=frozenset({tags.product(row["id"]), tags.product_type(row["type_id"]), tags.delivery()} | named),
    )


def _pictures(offer: Offer, first: Picture) -> list[Picture]:
    """The chosen variant's picture, then those of the product as such."""
    own = [picture_of(each) for each in offer.pictures if each["variant_id"] is None]
    return [first, *(each for each in own if each != first)]


def _around(row: Any) -> set[str]:
    """Its maker and its crumbs."""
    return {tags.maker(row["maker_id"]), *(tags.category_detail(UUID(each["id"])) for each in row["crumbs"])}

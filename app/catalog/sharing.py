"""What a product's page tells machines: schema.org data, each field the same as what people read there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.catalog.product_views import Maker, VariantPanel
from app.catalog.views import Crumb, product_url
from app.reviews.queries import ReviewsView
from app.settings import settings
from app.web.templates import amount

SCHEMA = "https://schema.org"
AVAILABILITY = {"in": "InStock", "few": "LimitedAvailability", "later": "BackOrder", "out": "OutOfStock"}
BY_POLICY = {"made_to_order": "MadeToOrder", "preorder": "PreOrder"}


def data_of(
    panel: VariantPanel, *, subtitle: str, maker: Maker, crumbs: Sequence[Crumb], reviews: ReviewsView
) -> list[dict[str, Any]]:
    """The product as it stands in its panel, and the way down to it."""
    return [_product(panel, subtitle, maker, reviews), way_to(crumbs, panel.title, product_url(panel.slug))]


def _product(panel: VariantPanel, subtitle: str, maker: Maker, reviews: ReviewsView) -> dict[str, Any]:
    about: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Product",
        "name": f"{panel.title}, {panel.variant_title}" if panel.variant_title else panel.title,
        "description": subtitle or panel.title,
        "image": _here(panel.picture.jpeg),
        "url": _here(product_url(panel.slug)),
        "brand": {"@type": "Brand", "name": maker.name},
        "offers": _offer(panel) if panel.variant_id else _offers(panel),
    }
    if panel.sku:
        about["sku"] = panel.sku
    if panel.options:
        about["isVariantOf"] = _group(panel)
    if reviews.average:
        about["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(reviews.average, 1),
            "reviewCount": reviews.count,
        }
    return about


def _group(panel: VariantPanel) -> dict[str, Any]:
    return {
        "@type": "ProductGroup",
        "productGroupID": panel.slug,
        "name": panel.title,
        "url": _here(product_url(panel.slug)),
        "variesBy": [option.label for option in panel.options],
    }


def _offer(panel: VariantPanel) -> dict[str, Any]:
    """The chosen variant's; `priceSpecification` names the price before a reduction."""
    offer: dict[str, Any] = {
        "@type": "Offer",
        "price": amount(panel.price, panel.currency),
        "priceCurrency": panel.currency,
        "availability": _availability(panel),
        "itemCondition": f"{SCHEMA}/NewCondition",
        "url": _here(panel.url),
    }
    if panel.was:
        offer["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": f"{SCHEMA}/StrikethroughPrice",
            "price": amount(panel.was, panel.currency),
            "priceCurrency": panel.currency,
        }
    if panel.ends:
        offer["priceValidUntil"] = panel.ends.isoformat()
    if panel.back_on:
        offer["availabilityStarts"] = panel.back_on.isoformat()
    return offer


def _offers(panel: VariantPanel) -> dict[str, Any]:
    return {
        "@type": "AggregateOffer",
        "lowPrice": amount(panel.price, panel.currency),
        "highPrice": amount(panel.price_to or panel.price, panel.currency),
        "priceCurrency": panel.currency,
        "availability": _availability(panel),
    }


def _availability(panel: VariantPanel) -> str:
    known = AVAILABILITY[panel.band] if panel.band == "out" else BY_POLICY.get(panel.policy, AVAILABILITY[panel.band])
    return f"{SCHEMA}/{known}"


def way_to(crumbs: Sequence[Crumb], title: str, url: str) -> dict[str, Any]:
    """The way down to a page, which ends with the page itself."""
    way = [*((crumb.title, crumb.url) for crumb in crumbs), (title, url)]
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": title, "item": _here(url)}
            for at, (title, url) in enumerate(way, 1)
        ],
    }


def _here(path: str) -> str:
    return settings().public_origin + path

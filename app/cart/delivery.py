"""The ways to deliver a cart: what each costs, when it arrives, and from which sum on it is free."""

from __future__ import annotations

from typing import Any

import msgspec

from app.catalog import queries as catalog
from app.db.engines import Database


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """A way to deliver, at its price for this cart (minor units). `free_from`: the sum of goods from which it costs nothing.

    `bulky`: what of the price is for something in it that does not fit a parcel; then it is never free by its sum.
    """

    code: str
    title: str
    promise: str
    price: int
    free_from: int | None = None
    arrives: catalog.Arrival | None = None
    bulky: int = 0


METHODS = """
    SELECT code, title, promise, min_days, max_days, CASE WHEN $4 THEN NULL ELSE free_from END AS free_from,
        CASE WHEN $4 THEN price + bulky_extra WHEN free_from <= $1 THEN 0 ELSE price END AS price,
        CASE WHEN $4 THEN bulky_extra ELSE 0 END AS bulky
    FROM shipping_method
    WHERE currency = $2 AND CASE WHEN $3 AND EXISTS (SELECT FROM shipping_method WHERE code = 'digital' AND currency = $2)
        THEN code = 'digital' ELSE published AND code <> 'digital' AND (bulky_extra IS NOT NULL OR NOT $4) END
    ORDER BY position, code
"""  # a cart of nothing but digital goods is not sent anywhere


async def methods(db: Database, subtotal: int, currency: str, *, offers: list[catalog.Sellable]) -> list[Method]:
    """What is offered for these goods, in the shop's order."""
    digital = all(offer.policy == "digital" for offer in offers)
    rows = await db.fetch(METHODS, subtotal, currency, digital, any(offer.bulky for offer in offers))
    return [_method(row, offers) for row in rows]


def _method(row: Any, offers: list[catalog.Sellable]) -> Method:
    days = (row["min_days"], row["max_days"]) if row["min_days"] is not None else None
    about = {name: row[name] for name in ("code", "title", "promise", "price", "free_from", "bulky")}
    return Method(**about, arrives=catalog.arrives_together(offers, days) if days else None)

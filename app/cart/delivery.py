"""The ways to deliver a cart: what each costs, when it arrives, and from which sum on it is free."""

from __future__ import annotations

from typing import Any

import msgspec

from app.catalog import queries as catalog
from app.db.engines import Database


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """A way to deliver, at its price for this cart (minor units). `free_from`: the sum of goods from which it costs nothing.

    `bulky`: what of the price is for something in it that does not fit a parcel; then it is never free by its sum.
    `countries`: where it goes; None: everywhere.
    """

    code: str
    title: str
    promise: str
    price: int
    free_from: int | None = None
    arrives: catalog.Arrival | None = None
    bulky: int = 0
    countries: tuple[str, ...] | None = None

    def reaches(self, country: str) -> bool:
        """Whether it goes there."""
        return self.countries is None or country in self.countries


METHODS = """
    SELECT code, title, promise, min_days, max_days, countries, CASE WHEN $3 THEN NULL ELSE free_from END AS free_from,
        CASE WHEN $3 THEN price + bulky_extra WHEN free_from <= $1 THEN 0 ELSE price END AS price,
        CASE WHEN $3 THEN bulky_extra ELSE 0 END AS bulky
    FROM shipping_method
    WHERE currency = $2 AND published AND (bulky_extra IS NOT NULL OR NOT $3) ORDER BY position, code
"""


async def methods(db: Database, subtotal: int, currency: str, *, offers: list[catalog.Sellable]) -> list[Method]:
    """What is offered for these goods, in the shop's order, wherever they go."""
    rows = await db.fetch(METHODS, subtotal, currency, any(offer.bulky for offer in offers))
    return [_method(row, offers) for row in rows]


def _method(row: Any, offers: list[catalog.Sellable]) -> Method:
    days = (row["min_days"], row["max_days"]) if row["min_days"] is not None else None
    about = {name: row[name] for name in ("code", "title", "promise", "price", "free_from", "bulky")}
    countries = tuple(row["countries"]) if row["countries"] else None
    return Method(**about, countries=countries, arrives=catalog.arrives_together(offers, days) if days else None)

"""What a product's variants cost: judged and written together, in the caller's transaction."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET

from app.catalog.breaks import write_breaks
from app.catalog.personal import Personal
from app.catalog.personalising import judge_personal, write_personal
from app.catalog.timed import Prices, write_timed
from app.db.engines import Database
from app.settings import settings
from app.values import Refusal, any_bucket, new_id

SHIPPING_CLASSES = ("parcel", "bulky")
MOST = 100_000_000  # minor units; a price above it is a slip of the finger


class NoSuchVariant(Refusal):
    say = "This variant does not exist any more."
    status = 404


class BadPrice(Refusal):
    say = "A price is 0 or more, and the price before a reduction is higher than it."
    status = 422


class UnknownShippingClass(Refusal):
    say = "A product is sent as a parcel, or it is bulky."
    status = 422


def judge_prices(prices: Prices) -> None:
    """Raises BadPrice, BadPersonal, UnknownShippingClass."""
    for amount, was in prices.amounts.values():
        judge_price(amount, was)
    if prices.shipping_class not in (UNSET, *SHIPPING_CLASSES):
        raise UnknownShippingClass
    if isinstance(prices.personal, Personal):
        judge_personal(prices.personal)


def judge_price(amount: int, was: int | None) -> None:
    """Raises BadPrice."""
    if not 0 <= amount <= MOST or (was is not None and not amount < was <= MOST):
        raise BadPrice


async def write_prices(db: Database, product_id: UUID, prices: Prices) -> None:
    """The product costs this; what `prices` does not name stays. Raises NoSuchVariant, BadTime, Overlapping."""
    for variant_id, (amount, was) in prices.amounts.items():
        await write_price(db, variant_id, amount, was)
    for variant_id, planned in prices.timed.items():
        await write_timed(db, variant_id, planned)
    for variant_id, breaks in prices.breaks.items():
        await write_breaks(db, variant_id, breaks)
    if prices.personal is not UNSET:
        await write_personal(db, product_id, prices.personal)
    if prices.shipping_class is not UNSET:
        await db.execute("UPDATE product SET shipping_class = $2 WHERE id = $1", product_id, prices.shipping_class)
    if prices.one_each is not UNSET:
        await db.execute("UPDATE product SET one_each = $2 WHERE id = $1", product_id, prices.one_each)


async def write_price(db: Database, variant_id: UUID, amount: int, was: int | None) -> None:
    """One unit costs this, before a reduction `was`. Raises NoSuchVariant."""
    saved = await db.execute(
        """INSERT INTO price (id, variant_id, market, currency, amount, was)
        SELECT $1, v.id, $3, p.currency, $4, $5 FROM variant v JOIN product p ON p.id = v.product_id WHERE v.id = $2
        ON CONFLICT (variant_id, market, min_quantity) DO UPDATE SET amount = EXCLUDED.amount, was = EXCLUDED.was""",
        *(new_id(any_bucket()), variant_id, settings().market, amount, was),
    )
    if not saved:
        raise NoSuchVariant

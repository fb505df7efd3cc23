"""Prices for a while: one of a variant's is edited at a time, the one that runs or else the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET, UnsetType

from app.catalog.breaks import Breaks
from app.catalog.personal import Personal
from app.db.engines import Database
from app.settings import settings
from app.values import Refusal, any_bucket, new_id, now

# The one that runs or else the next; what is over stays as it was.
EDITED = """SELECT id FROM timed_price WHERE variant_id = $1 AND market = $2 AND (ends_at IS NULL OR ends_at > now())
    ORDER BY starts_at LIMIT 1"""


class WrongTime(Refusal):
    """Raised for one variant, so that a form can say it in the right place."""

    status = 422

    def __init__(self, variant_id: UUID | None = None) -> None:
        self.variant_id = variant_id
        super().__init__()


class Overlapping(WrongTime):
    say = "Another price for a while holds at some of this time. Choose other moments."


class BadTime(WrongTime):
    say = "A price for a while ends after it begins, and after now."


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """What one unit costs for a while. `starts_at`: None leaves it, or means now; `ends_at`: None is for good."""

    amount: int
    starts_at: datetime | None
    ends_at: datetime | None


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """What variants cost anew: (amount, amount before a reduction) in minor units.

    `timed`: the running or next price for a while; None ends it. `breaks`: all lower prices from a quantity on.
    `personal`: what may be written on the product and for how much more, None for nothing. `shipping_class`: parcel | bulky.
    `one_each`: whether a customer may buy only one of it.
    """

    amounts: Mapping[UUID, tuple[int, int | None]] = {}
    timed: Mapping[UUID, Timed | None] = {}
    breaks: Mapping[UUID, Breaks] = {}
    personal: Personal | UnsetType | None = UNSET
    shipping_class: str | UnsetType = UNSET
    one_each: bool | UnsetType = UNSET


AS_THEY_ARE = Prices()


def judge_time(timed: Timed) -> None:
    """Raises BadTime."""
    begins = timed.starts_at or now()
    if timed.ends_at is not None and timed.ends_at <= max(begins, now()):
        raise BadTime


async def write_timed(db: Database, variant_id: UUID, timed: Timed | None) -> None:
    """The variant's running or next timed price is this one, or none. In the caller's transaction. Raises Overlapping."""
    market = settings().market
    if timed is None:
        await db.execute(f"DELETE FROM timed_price WHERE id = ({EDITED})", variant_id, market)  # noqa: S608 - constant
        return
    about = (timed.amount, timed.starts_at, timed.ends_at)
    try:
        edited = await db.execute(
            f"""UPDATE timed_price SET amount = $3, starts_at = coalesce($4, starts_at), ends_at = $5
            WHERE id = ({EDITED})""",  # noqa: S608 - constant
            *(variant_id, market, *about),
        )
        if not edited:
            await db.execute(
                """INSERT INTO timed_price (id, variant_id, market, currency, amount, starts_at, ends_at)
                SELECT $3, v.id, $2, p.currency, $4, coalesce($5, now()), $6
                FROM variant v JOIN product p ON p.id = v.product_id WHERE v.id = $1""",
                *(variant_id, market, new_id(any_bucket()), *about),
            )
    except asyncpg.ExclusionViolationError as why:
        raise Overlapping(variant_id) from why
    except asyncpg.CheckViolationError as why:  # the kept beginning lies after the new end
        raise BadTime(variant_id) from why

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, Database, reading, writing
from app.inventory import rules
from app.inventory.events import StockBandChanged
from app.inventory.limits import give_back, limit
from app.inventory.reservations import NotThatMany, Verdict, claim, pin, put_off, release, reserve, sweep_expired
from app.values import Refusal

__all__ = [
    "BelowReserved", "NoStockKept", "NotThatMany", "Terms", "Verdict", "adjust", "claim", "count", "give_back", "limit", "open_stock",
    "pin", "project_band", "put_back", "put_off", "receive", "release", "reserve", "sweep_expired",
]  # fmt: skip


class BelowReserved(Refusal):
    say = "That would leave less than what is reserved for orders."


class NoStockKept(Refusal):
    say = "No stock is kept of this variant."
    status = 404


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How a variant is sold; the words are those of `Stock`."""

    policy: Literal["stock", "made_to_order", "preorder"] = "stock"
    few_at: int = 3
    lead_days: int = 0
    back_on: date | None = None


async def open_stock(variant_id: UUID, on_hand: int, terms: Terms = Terms()) -> bool:  # noqa: B008 - frozen
    """Stock of a variant is kept from now on, with an opening entry. False, and nothing changed, if it was already.

    Emits StockBandChanged unless it opens sold out, which is what pages say of a variant without stock.
    """
    async with writing(variant_id) as db:
        made = await db.execute(
            "INSERT INTO stock (variant_id, policy, few_at, lead_days, back_on) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING",
            variant_id, terms.policy, terms.few_at, terms.lead_days, terms.back_on,
        )  # fmt: skip
        if made:
            await db.execute("SELECT adjust_stock($1, $2, 'opening', '')", variant_id, on_hand)
            await db.execute("SELECT publish_band($1)", variant_id)  # a policy has a band even with nothing on hand
    return bool(made)


async def adjust(
    variant_id: UUID, delta: int, *, reason: str = "adjusted", reference: str = "", key: UUID | None = None
) -> int:
    """Adds `delta` units (negative takes away) with a ledger entry. Returns what is on hand.

    A delta, not a count: what is sold meanwhile stays sold. Twice under one `key` is once.
    Raises NotThatMany, BelowReserved, NoStockKept.
    """
    if not -rules.MOST_UNITS <= delta <= rules.MOST_UNITS:
        raise NotThatMany
    entry = rules.reservation_id(key, variant_id) if key else None
    async with writing(variant_id, step="adjust") as db:
        on_hand = await db.fetchval(
            "SELECT adjust_stock($1, $2, $3, $4, $5)", variant_id, delta, reason, reference, entry
        )
        if on_hand is None:
            raise await _why_not(db, variant_id)
    return on_hand


async def put_back(variant_id: UUID, quantity: int, *, reference: str, key: UUID) -> None:
    """Sold units are on the shelf again, with a ledger entry; once for each key. Nothing happens where stock is not counted."""
    async with reading(variant_id) as db:
        counted = await db.fetchval("SELECT policy = 'stock' FROM stock WHERE variant_id = $1", variant_id)
    if counted:
        await adjust(variant_id, quantity, reason="returned", reference=reference, key=key)


async def take_out(variant_id: UUID, quantity: int, *, reference: str, key: UUID) -> None:
    """Units left the shelf unsold, with a ledger entry; once for each key. Nothing happens where stock is not counted.

    What nobody has free is owed: whatever comes next, a delivery or what somebody gives up, pays that first.
    """
    async with writing(variant_id, step="adjust") as db:
        entry = rules.reservation_id(key, variant_id)
        await db.execute("SELECT take_out($1, $2, $3, $4)", variant_id, quantity, reference, entry)


async def count(variant_id: UUID, on_hand: int, *, reference: str = "") -> int:
    """Somebody has counted: this many are on hand, reserved ones included, and the ledger says so from now on.

    Returns the difference to what was on hand. Raises NotThatMany, BelowReserved, NoStockKept.
    """
    if not 0 <= on_hand <= rules.MOST_UNITS:
        raise NotThatMany
    async with writing(variant_id) as db:
        difference = await db.fetchval("SELECT count_stock($1, $2, $3)", variant_id, on_hand, reference)
        if difference is None:
            raise await _why_not(db, variant_id)
    return difference


async def _why_not(db: Database, variant_id: UUID) -> Refusal:
    kept = await db.fetchval("SELECT true FROM stock WHERE variant_id = $1", variant_id)
    return BelowReserved() if kept else NoStockKept()


async def receive(variant_id: UUID, quantity: int, *, reference: str = "") -> int:
    """A delivery of `quantity` units is on hand. Returns how many there are now. Raises NotThatMany, NoStockKept."""
    if quantity < 1:
        raise NotThatMany
    return await adjust(variant_id, quantity, reason="received", reference=reference)


async def project_band(event: StockBandChanged) -> bool:
    """Pages say what the event says, unless they already know something newer. Returns whether they changed."""
    async with writing(EVERYONE) as db:
        changed = await db.execute(
            "INSERT INTO stock_band AS b (variant_id, band, back_on, version, updated_at) VALUES ($1, $2, $3, $4, now())"
            " ON CONFLICT (variant_id) DO UPDATE SET band = EXCLUDED.band, back_on = EXCLUDED.back_on,"
            " version = EXCLUDED.version, updated_at = now() WHERE b.version < EXCLUDED.version",
            event.variant_id, event.band, event.back_on, event.version,
        )  # fmt: skip
    return changed == 1

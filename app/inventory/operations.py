from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from app.db.engines import EVERYONE, reading, writing
from app.inventory import rules
from app.inventory.events import StockBandChanged
from app.inventory.tables import CLAIMED, HELD, PINNED, RELEASED
from app.settings import settings
from app.values import Refusal, seconds

Pair = tuple[UUID, UUID]  # variant_id, reservation_id
SWEEP = 500  # holds one sweep looks at: a bounded batch, the next sweep goes on


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one variant of an order. `no_stock`: nothing is known of this variant."""

    variant_id: UUID
    reservation_id: UUID
    quantity: int
    said: Literal["held", "sold_out", "released", "no_stock"]

    @property
    def held(self) -> bool:
        return self.said == "held"

    @property
    def pair(self) -> Pair:
        """What `pin`, `claim` and `release` take."""
        return self.variant_id, self.reservation_id


class NotThatMany(Refusal):
    say = f"Please say how many as a whole number of at most {rules.MOST_UNITS:,}."
    status = 422


class BelowReserved(Refusal):
    say = "That would leave less than what is reserved for orders."


class NoStockKept(Refusal):
    say = "No stock is kept of this variant."
    status = 404


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How a variant is sold; the words are those of `Stock`."""

    policy: Literal["stock", "made_to_order", "preorder", "digital"] = "stock"
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


async def reserve(order_id: UUID, lines: Iterable[tuple[UUID, int]]) -> list[Verdict]:
    """Every (variant_id, quantity) is held for the order until `hold_seconds` have passed, or none is.

    Variants are taken in the order of their ids, each in a transaction of its own; at the first that can't be held
    the ones before are released and the list ends. All were held if every verdict says so. Asking again with the same
    order gives the same answer, except that lines undone say `released`.
    """
    verdicts: list[Verdict] = []
    for variant_id, quantity in rules.merged(lines):
        verdicts.append(await _hold(order_id, variant_id, quantity))
        if not verdicts[-1].held:
            await release(verdict.pair for verdict in verdicts if verdict.held)
            break
    return verdicts


async def _hold(order_id: UUID, variant_id: UUID, quantity: int) -> Verdict:
    id = rules.reservation_id(order_id, variant_id)
    async with writing(variant_id) as db:
        said = await db.fetchval(
            "SELECT verdict FROM reserve_batch($1, ARRAY[$2::uuid], ARRAY[$3::int], ARRAY[$4::uuid], $5)",
            variant_id, id, quantity, order_id, seconds(settings().hold_seconds),
        )  # fmt: skip
    return Verdict(variant_id=variant_id, reservation_id=id, quantity=quantity, said=said)


async def pin(reservations: Iterable[Pair]) -> bool:
    """Payment may begin: no timer runs any more. False when one had expired; then all of them are released."""
    pairs = list(reservations)
    for variant_id, ids in rules.by_variant(pairs):
        states = await _settle(variant_id, ids, PINNED)
        if any(states.get(id) not in (PINNED, CLAIMED) for id in ids):
            await release(pairs)
            return False
    return True


async def claim(reservations: Iterable[Pair]) -> bool:
    """The units are sold: gone from what is on hand, with a ledger entry. Twice is once.

    False when one was not pinned, which is a sale without stock and needs a person.
    """
    whole = True
    for variant_id, ids in rules.by_variant(reservations):
        states = await _settle(variant_id, ids, CLAIMED)
        whole = whole and all(states.get(id) == CLAIMED for id in ids)
    return whole


async def release(reservations: Iterable[Pair]) -> None:
    """What was held or pinned can be bought by others. What was claimed stays sold."""
    for variant_id, ids in rules.by_variant(reservations):
        await _settle(variant_id, ids, RELEASED)


async def _settle(variant_id: UUID, ids: list[UUID], to: int, *, expired_only: bool = False) -> dict[UUID, int]:
    async with writing(variant_id) as db:
        rows = await db.fetch("SELECT * FROM settle_batch($1, $2, $3, $4)", variant_id, ids, to, expired_only)
    return {row["reservation_id"]: row["state"] for row in rows}


async def sweep_expired(bucket: int) -> int:
    """Holds of this bucket's shard whose time is over are released. Returns how many."""
    async with reading(bucket) as db:
        due = await db.fetch(
            "SELECT variant_id, id FROM reservation WHERE state = $1 AND expires_at < clock_timestamp()"
            " ORDER BY expires_at LIMIT $2",
            HELD, SWEEP,
        )  # fmt: skip
    released = 0
    for variant_id, ids in rules.by_variant((row["variant_id"], row["id"]) for row in due):
        states = await _settle(variant_id, ids, RELEASED, expired_only=True)
        released += sum(state == RELEASED for state in states.values())
    return released


async def adjust(variant_id: UUID, delta: int, *, reason: str = "adjusted", reference: str = "") -> int:
    """Adds `delta` units (negative takes away) with a ledger entry. Returns what is on hand.

    A delta, not a count: what is sold meanwhile stays sold. Raises NotThatMany, BelowReserved, NoStockKept.
    """
    if not -rules.MOST_UNITS <= delta <= rules.MOST_UNITS:
        raise NotThatMany
    async with writing(variant_id) as db:
        on_hand = await db.fetchval("SELECT adjust_stock($1, $2, $3, $4)", variant_id, delta, reason, reference)
        if on_hand is None:
            kept = await db.fetchval("SELECT true FROM stock WHERE variant_id = $1", variant_id)
            raise BelowReserved if kept else NoStockKept
    return on_hand


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

"""A hold on stock, from the first promise to the sale: every change of one goes through a batch of its variant's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from app.db.batches import Batches
from app.db.engines import reading, writing
from app.inventory import rules
from app.inventory.tables import CLAIMED, HELD, PINNED, RELEASED
from app.logs import log
from app.settings import settings
from app.values import Refusal, seconds

Pair = tuple[UUID, UUID]  # variant_id, reservation_id
Said = Literal["held", "sold_out", "released", "no_stock"]
STEPS = {PINNED: "t4", CLAIMED: "t7", RELEASED: "release"}  # as the table in app/orders/README.md names them
# Whoever talks to the provider relies on what is pinned, which brings what was held before to the disk. A hold that a
# power cut undid can't be pinned; a claim or a release that it undid is done again by the sweep of what stays pinned.
LASTING = frozenset({PINNED})
SWEEP = 500  # holds one sweep looks at: a bounded batch, the next sweep goes on


class NotThatMany(Refusal):
    say = f"Please say how many as a whole number of at most {rules.MOST_UNITS:,}."
    status = 422


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one variant of an order. `no_stock`: nothing is known of this variant."""

    variant_id: UUID
    reservation_id: UUID
    quantity: int
    said: Said

    @property
    def held(self) -> bool:
        return self.said == "held"

    @property
    def pair(self) -> Pair:
        """What `pin`, `claim` and `release` take."""
        return self.variant_id, self.reservation_id


class Hold(NamedTuple):
    id: UUID
    order_id: UUID
    quantity: int


class _Move(NamedTuple):
    id: UUID


async def reserve(order_id: UUID, lines: Iterable[tuple[UUID, int]], *, pinned: bool = False) -> list[Verdict]:
    """Every (variant_id, quantity) is held for the order until `hold_seconds` have passed, or none is.

    `pinned`: no timer runs; also what was held before is pinned, unless its time was over: that says `released`.

    Variants are taken one after the other in the order of their ids, so that of two carts with the same last units one
    gets them all; at the first that can't be held the ones before are released and the list ends. All were held if
    every verdict says so. Asking again with the same order gives the same answer, except that lines undone say
    `released`. Raises NotThatMany, and Busy when it can't be said in time.
    """
    wanted = rules.merged(lines)
    if not all(1 <= quantity <= rules.MOST_UNITS for _, quantity in wanted):
        raise NotThatMany
    verdicts: list[Verdict] = []
    for variant_id, quantity in wanted:
        id = rules.reservation_id(order_id, variant_id)
        said = await (PINNED_HOLDS if pinned else HOLDS).ask(variant_id, Hold(id, order_id, quantity))
        verdicts.append(Verdict(variant_id=variant_id, reservation_id=id, quantity=quantity, said=said))
        if said != "held":
            await release(verdict.pair for verdict in verdicts if verdict.held)
            break
    return verdicts


async def pin(reservations: Iterable[Pair]) -> bool:
    """Payment may begin: no timer runs any more. False when one had expired; then all of them are released."""
    pairs = list(reservations)
    if all(state in (PINNED, CLAIMED) for state in await _all(PINS, pairs)):
        return True
    await release(pairs)
    return False


async def claim(reservations: Iterable[Pair]) -> bool:
    """The units are sold: gone from what is on hand, with a ledger entry. Twice is once.

    False when one was not pinned, which is a sale without stock and needs a person.
    """
    return all(state == CLAIMED for state in await _all(CLAIMS, reservations))


async def release(reservations: Iterable[Pair]) -> None:
    """What was held or pinned can be bought by others. What was claimed stays sold."""
    await _all(RELEASES, reservations)


async def _all(moves: Batches[_Move, int | None], reservations: Iterable[Pair]) -> list[int | None]:
    """The reservations' states after the move, all asked for at once: nobody waits for one while holding another's lock."""
    return await asyncio.gather(*(moves.ask(variant_id, _Move(id)) for variant_id, id in reservations))


async def sweep_expired(bucket: int) -> int:
    """Holds of this bucket's shard whose time is over are released. Returns how many."""
    async with reading(bucket) as db:
        due = await db.fetch(
            "SELECT variant_id, id FROM reservation WHERE state = $1 AND expires_at < clock_timestamp()"
            " ORDER BY expires_at LIMIT $2",
            HELD, SWEEP,
        )  # fmt: skip
    return sum([await _expired(*each) for each in rules.by_variant((row["variant_id"], row["id"]) for row in due)])


async def _expired(variant_id: UUID, ids: list[UUID]) -> int:
    try:
        states = await _settle(variant_id, ids, RELEASED, expired_only=True)
    except asyncpg.PostgresError:  # somebody holds its row; the others' units are wanted, too
        log.exception("holds could not be released", variant=str(variant_id))
        return 0
    return sum(state == RELEASED for state in states.values())


async def put_off(reservation: Pair) -> None:
    """What stays pinned for good reason is looked at again when all others were."""
    variant_id, id = reservation
    async with writing(variant_id, step="put_off", lasting=False) as db:
        await db.execute(
            "UPDATE reservation SET expires_at = clock_timestamp() WHERE id = $1 AND state = $2", id, PINNED
        )


async def release_expired(variant_id: UUID) -> int:
    """The same for one variant, however many they are. Returns how many."""
    async with reading(variant_id) as db:
        rows = await db.fetch(
            "SELECT id FROM reservation WHERE variant_id = $1 AND state = $2 AND expires_at < clock_timestamp()",
            variant_id, HELD,
        )  # fmt: skip
    await _settle(variant_id, [row["id"] for row in rows], RELEASED, expired_only=True)
    return len(rows)


async def _hold_batch(pinned: bool, variant_id: UUID, holds: Sequence[Hold]) -> dict[UUID, Said]:
    ids, orders, quantities = map(list, zip(*holds, strict=True))
    async with writing(variant_id, step="t2", lasting=pinned) as db:
        rows = await db.fetch(
            "SELECT * FROM reserve_batch($1, $2, $3, $4, $5, $6)",
            variant_id, ids, quantities, orders, seconds(settings().hold_seconds), pinned,
        )  # fmt: skip
    return {row["reservation_id"]: row["verdict"] for row in rows}


async def _settle_batch(to: int, variant_id: UUID, moves: Sequence[_Move]) -> dict[UUID, int | None]:
    ids = [move.id for move in moves]
    return dict.fromkeys(ids) | await _settle(variant_id, ids, to)


async def _settle(variant_id: UUID, ids: list[UUID], to: int, *, expired_only: bool = False) -> dict[UUID, int]:
    async with writing(variant_id, step=STEPS[to], lasting=to in LASTING) as db:
        rows = await db.fetch("SELECT * FROM settle_batch($1, $2, $3, $4)", variant_id, ids, to, expired_only)
    return {row["reservation_id"]: row["state"] for row in rows}


HOLDS, PINNED_HOLDS = (Batches[Hold, Said](partial(_hold_batch, pinned)) for pinned in (False, True))
PINS, CLAIMS, RELEASES = (Batches[_Move, int | None](partial(_settle_batch, to)) for to in (PINNED, CLAIMED, RELEASED))

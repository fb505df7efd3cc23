from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app.db.engines import Database, reading
from app.payments import chosen, rules
from app.settings import settings
from app.values import seconds


def least_payment() -> int:
    """The smallest sum above 0 that can be paid now; minor units of the shop's currency."""
    return chosen.least(settings())


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to be paid. `idle`: seconds since it last moved; `over`: its page at the provider has closed, or it has been undecided for too long;
    `begun_at`: when the provider was first asked; `asked_for`: seconds since then;
    `unanswered`: the provider was asked too long ago to still be talking; `frozen`: why only a person may go on.
    """

    id: UUID
    order_id: UUID
    number: int
    status: str
    amount: int
    currency: str
    provider: str
    reference: str = ""
    redirect_url: str = ""
    until: datetime | None = None
    begun_at: datetime | None = None
    asked_for: float = 0
    idle: float = 0
    over: bool = False
    unanswered: bool = False
    capturing: int = 0
    captured: int = 0
    refunded: int = 0
    voiding: bool = False
    frozen: str = ""
    dispute: str = ""

    @property
    def disputed(self) -> bool:
        """Whether its money may be gone, or is: by the word of the customer's bank."""
        return self.dispute in ("open", "lost")

    @property
    def alive(self) -> bool:
        """Whether money may still come of it."""
        return self.status in rules.LIVE


class ProviderView(msgspec.Struct, frozen=True, kw_only=True):
    """The test provider's page. `step`: card | confirm | lost | closed."""

    session_id: UUID
    step: str
    amount: int
    currency: str
    shop_name: str
    return_url: str
    cards: list[tuple[str, str]]
    errors: dict[str, str]
    typed: dict[str, str]


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money on its way back. `asked_for`: seconds since the provider was first asked; `before`: what went back before it; `was`: the status of one that has just moved."""

    id: UUID
    order_id: UUID
    attempt_id: UUID
    key: UUID
    amount: int
    currency: str
    status: str
    reference: str
    reason: str
    error: str
    created_at: datetime
    before: int = 0
    asked_for: float = 0
    was: str = ""


COLUMNS = (
    "id, order_id, number, status, amount, currency, provider, reference, redirect_url, until, coalesce(begun_at, sent_at) AS begun_at,"
    " coalesce(extract(epoch FROM clock_timestamp() - coalesce(begun_at, sent_at)), 0)::float8 AS asked_for,"
    " capturing, captured, voiding, frozen, dispute, (SELECT coalesce(sum(r.amount), 0)::bigint FROM refund r"
    " WHERE r.order_id = payment_attempt.order_id AND r.attempt_id = payment_attempt.id AND r.status = 'done') AS refunded,"
    " extract(epoch FROM clock_timestamp() - updated_at)::float8 AS idle,"
    " coalesce(until <= clock_timestamp(), false) AS over,"
    " coalesce(sent_at < clock_timestamp() - {patience}::interval, false) AS unanswered"
)


async def latest(db: Database, order_id: UUID) -> Attempt | None:
    """The order's last attempt, read with the caller's connection."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS.format(patience='$2')} FROM payment_attempt WHERE order_id = $1 ORDER BY number DESC LIMIT 1",  # noqa: S608
        order_id,
        patience(),
    )
    return Attempt(**row) if row else None


async def attempt(attempt_id: UUID) -> Attempt | None:
    """One attempt by its id."""
    async with reading(attempt_id) as db:
        return await known(db, attempt_id)


async def known(db: Database, attempt_id: UUID, *, lock: bool = False) -> Attempt | None:
    """One attempt on the caller's connection; `lock` keeps others who move it waiting."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS.format(patience='$2')} FROM payment_attempt WHERE id = $1" + (" FOR UPDATE" if lock else ""),  # noqa: S608
        attempt_id,
        patience(),
    )
    return Attempt(**row) if row else None


async def attempts_among(db: Database, ids: Sequence[UUID | None]) -> list[Attempt]:
    """Those of the attempts that this shard has."""
    sql = f"SELECT {COLUMNS.format(patience='$2')} FROM payment_attempt WHERE id = ANY($1)"  # noqa: S608
    return [Attempt(**row) for row in await db.fetch(sql, ids, patience())]


async def paid_after(db: Database, provider: str, after: UUID, most: int) -> list[Attempt]:
    """Attempts of a provider that hold or have brought money, in the order of their ids."""
    sql = (
        f"SELECT {COLUMNS.format(patience='$4')} FROM payment_attempt WHERE provider = $1 AND id > $2"  # noqa: S608
        " AND (status IN ('authorised', 'captured') OR captured > 0) ORDER BY id LIMIT $3"
    )
    return [Attempt(**row) for row in await db.fetch(sql, provider, after, most, patience())]


REFUND = (
    "id, order_id, attempt_id, key, amount, before, currency, status, reference, reason, error, created_at,"
    " coalesce(extract(epoch FROM clock_timestamp() - sent_at), 0)::float8 AS asked_for"
)


async def refund(refund_id: UUID) -> Refund | None:
    """One refund by its id."""
    async with reading(refund_id) as db:
        row = await db.fetchrow(f"SELECT {REFUND} FROM refund WHERE id = $1", refund_id)  # noqa: S608
    return Refund(**row) if row else None


async def refunds_of(db: Database, order_id: UUID) -> list[Refund]:
    """The order's refunds, oldest first, read with the caller's connection."""
    rows = await db.fetch(f"SELECT {REFUND} FROM refund WHERE order_id = $1 ORDER BY created_at, id", order_id)  # noqa: S608
    return [Refund(**row) for row in rows]


def patience() -> object:
    """How long a provider may be talking to us; past that nobody waits for its answer any more."""
    return seconds(settings().provider_timeout + 5)

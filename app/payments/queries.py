from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app.db.engines import Database, reading
from app.payments import rules
from app.settings import settings
from app.values import seconds


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to be paid. `idle`: seconds since it last moved; `over`: its page at the provider has closed;
    `unanswered`: the provider was asked too long ago to still be talking."""

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
    idle: float = 0
    over: bool = False
    unanswered: bool = False

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


COLUMNS = (
    "id, order_id, number, status, amount, currency, provider, reference, redirect_url, until,"
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
        row = await db.fetchrow(
            f"SELECT {COLUMNS.format(patience='$2')} FROM payment_attempt WHERE id = $1",  # noqa: S608
            attempt_id,
            patience(),
        )
    return Attempt(**row) if row else None


def patience() -> object:
    """How long a provider may be talking to us; past that nobody waits for its answer any more."""
    return seconds(settings().provider_timeout + 5)

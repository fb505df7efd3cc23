"""Orders that cost nothing: what takes the place of a provider, asks nobody, moves no money and keeps no books."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from uuid import UUID

from app.payments.gateway import (
    Answer,
    Authorised,
    Booked,
    Cancelled,
    Captured,
    Charge,
    Closed,
    Failed,
    Message,
    Outside,
    Returned,
    Taken,
    Unknown,
    Voided,
)

CODE = "none"


class Nothing:
    """The gateway of attempts over 0: a yes at once, and nothing to say of it later."""

    key_seconds = float("inf")

    async def start(self, charge: Charge) -> Answer:
        """Yes; only to nothing."""
        if charge.amount:
            return Unknown(why="nobody was chosen to take this money")
        return Authorised(reference="", amount=0, currency=charge.currency)

    async def look_up(self, charge: Charge) -> Answer:
        """No books: the attempt's own row is all there is."""
        return Unknown(why="there was nothing to pay")

    async def void(self, charge: Charge) -> Answer:
        """Nobody will pay it."""
        return Closed()

    async def cancel(self, charge: Charge) -> Cancelled:
        """Yes."""
        return Voided()

    async def capture(self, charge: Charge, amount: int) -> Taken:
        """Nothing."""
        return Captured(amount=0)

    async def refund(self, charge: Charge, amount: int, *, key: UUID) -> Returned:
        """Never."""
        return Failed(reason="Nothing was taken.")

    async def look_up_refund(self, charge: Charge, *, key: UUID) -> Returned:
        """There is none."""
        return Closed()

    async def outside(self, charge: Charge) -> Outside | Unknown:
        """Nobody can do anything with it."""
        return Outside()

    async def attempt_of(self, reference: str) -> UUID | Unknown | None:
        """It has no names."""
        return None

    async def list_since(self, at: datetime) -> AsyncIterator[Booked]:
        """Nothing."""
        nobody: tuple[Booked, ...] = ()
        for booked in nobody:
            yield booked

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Message | None:
        """Nobody writes."""
        return None

"""The test provider with a will of its own: it books what it decides in its real books, whatever it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.payments import testbooks
from app.payments.gateway import Answer, Authorised, Charge, Declined
from app.payments.testprovider import TestProvider

Trouble = Callable[[], Awaitable[None]]


async def none() -> None:
    """No trouble."""


async def slow() -> None:
    """Longer than anybody waits in a test."""
    await asyncio.sleep(5)


async def broken() -> None:
    """A 500, a reset, a TLS error: they all come out as an OSError."""
    raise ConnectionResetError("the provider is broken")


class Ledger(TestProvider):
    """Authorises (or says `says`) at once. `before`, `after`: trouble before and after it is booked, once each."""

    def __init__(self, says: Declined | None = None, before: Trouble = none, after: Trouble = none) -> None:
        self.says, self.before, self.after = says, before, after
        self.charges: list[Charge] = []

    async def start(self, charge: Charge) -> Answer:
        self.charges.append(charge)
        before, self.before = self.before, none
        await before()
        await super().start(charge)
        found = await testbooks.find("attempt_id", charge.attempt_id)
        assert found is not None
        await testbooks.book(found.id, "declined" if self.says else "authorised")
        after, self.after = self.after, none
        await after()
        return self.says or Authorised(reference=str(found.id), amount=charge.amount, currency=charge.currency)

"""Settings and providers of one test, put back afterwards."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from unittest import mock
from uuid import UUID

from app.payments import operations as payments
from app.payments.gateway import (
    Answer,
    Authorised,
    Booked,
    Cancelled,
    Captured,
    Charge,
    Message,
    Outside,
    Refunded,
    Returned,
    Taken,
    Unknown,
    Voided,
)
from app.settings import settings

Say = Callable[[Charge], Answer]


@contextmanager
def knobs(**values: object) -> Iterator[None]:
    """These settings hold inside."""
    with mock.patch.dict(os.environ, {f"VITRINE_{name.upper()}": str(value) for name, value in values.items()}):
        settings.cache_clear()
        yield
    settings.cache_clear()


def yes(charge: Charge) -> Answer:
    return Authorised(reference="r", amount=charge.amount, currency=charge.currency)


class Scripted:
    """A provider that says what a test tells it to say; `asked` holds what it was asked, in order."""

    key_seconds = 3600.0

    def __init__(self, start: Say = yes, then: Answer | None = None, void: Answer | None = None) -> None:
        self.says = start
        self.then = then
        self.voids = void
        self.cancels: Cancelled = Voided()
        self.takes: Taken | None = None
        self.gives: Returned | None = None
        self.found: Returned = Unknown(why="no answer")
        self.done_there: Outside | Unknown = Outside()
        self.keys: list[UUID] = []
        self.booked: list[Booked] = []
        self.asked: list[str] = []
        self.charges: list[Charge] = []

    async def start(self, charge: Charge) -> Answer:
        self.asked.append("start")
        self.charges.append(charge)
        return self.says(charge)

    async def look_up(self, charge: Charge) -> Answer:
        self.asked.append("look_up")
        assert self.then is not None
        return self.then

    async def void(self, charge: Charge) -> Answer:
        self.asked.append("void")
        assert self.voids is not None
        return self.voids

    async def cancel(self, charge: Charge) -> Cancelled:
        self.asked.append("cancel")
        return self.cancels

    async def capture(self, charge: Charge, amount: int) -> Taken:
        self.asked.append("capture")
        return self.takes or Captured(amount=amount)

    async def refund(self, charge: Charge, amount: int, *, key: UUID) -> Returned:
        self.asked.append("refund")
        self.keys.append(key)
        return self.gives or Refunded(amount=amount, reference="theirs")

    async def look_up_refund(self, charge: Charge, *, key: UUID) -> Returned:
        self.asked.append("look_up_refund")
        return self.found

    async def outside(self, charge: Charge) -> Outside | Unknown:
        return self.done_there

    async def attempt_of(self, reference: str) -> UUID | Unknown | None:
        return None

    async def list_since(self, at: datetime) -> AsyncIterator[Booked]:
        for booked in self.booked:
            yield booked

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Message | None:
        return None


@contextmanager
def provider(scripted: Scripted) -> Iterator[Scripted]:
    """Orders are paid with this one inside."""
    with mock.patch.dict(payments.PROVIDERS, {"test": scripted}):
        yield scripted

"""What the shop asks of whoever takes the money, and what it may be told. No card number passes through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be paid. `attempt_id` is the idempotency key: asking twice asks once. Amount in minor units."""

    attempt_id: UUID
    amount: int
    currency: str
    return_url: str


class Authorised(msgspec.Struct, frozen=True, kw_only=True):
    """The money is set aside for us; `amount` and `currency` as the provider booked them."""

    reference: str
    amount: int
    currency: str


class Declined(msgspec.Struct, frozen=True, kw_only=True):
    """No, for a reason in words that a shopper may read. This attempt is over."""

    reason: str
    reference: str = ""


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """The shopper pays on the provider's page at `url`, which is open until `until`."""

    url: str
    until: datetime
    reference: str = ""


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing was taken, and nothing ever will be."""


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """No answer, or none that decides. Only asking about the same attempt again may follow, never a second attempt."""

    why: str = ""


class Captured(msgspec.Struct, frozen=True, kw_only=True):
    """The money set aside is ours."""

    amount: int


class Refunded(msgspec.Struct, frozen=True, kw_only=True):
    """Money went back."""

    amount: int


Answer = Authorised | Declined | Redirect | Closed | Unknown


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A genuine webhook: something about this attempt may have changed. What it is, `look_up` says."""

    id: str
    attempt_id: UUID


class Gateway(Protocol):
    """A payment provider. Every call may raise OSError or TimeoutError, which means Unknown."""

    async def start(self, charge: Charge) -> Answer:
        """Begins a payment, or says what became of it if it was begun before."""
        ...

    async def look_up(self, attempt_id: UUID) -> Answer:
        """What the provider's books say now."""
        ...

    async def void(self, attempt_id: UUID) -> Answer:
        """Ends an attempt that must not be paid any more: Closed, or what happened before.

        Never undoes an authorisation: an attempt that was paid before this arrived stays so, and the answer is Authorised.
        """
        ...

    async def capture(self, attempt_id: UUID, amount: int) -> Captured | Unknown:
        """Takes at most what was authorised, once."""
        ...

    async def refund(self, attempt_id: UUID, amount: int, *, key: str) -> Refunded | Unknown:
        """Gives back part of what was captured, once per `key`."""
        ...

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Message | None:
        """The message, or None when its signature, its age or its shape is wrong. `at`: now, in Unix seconds."""
        ...

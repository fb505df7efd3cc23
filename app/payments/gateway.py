"""What the shop asks of whoever takes the money, and what it may be told. No card number passes through here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be paid. `attempt_id` is the idempotency key: asking twice asks once. Amount in minor units.

    `begun`: when the provider was first asked, `asked_for`: seconds since then, both by the database's clock.
    `reference`: the provider's own name for it, as far as it has told us. `before`: what of it went back before the refund that is
    asked for: a provider that rounds amounts rounds both together.
    """

    attempt_id: UUID
    amount: int
    currency: str
    return_url: str
    begun: datetime
    asked_for: float = 0
    reference: str = ""
    before: int = 0


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


class Voided(msgspec.Struct, frozen=True, kw_only=True):
    """What was set aside is the shopper's again."""


class Refunded(msgspec.Struct, frozen=True, kw_only=True):
    """Money went back."""

    amount: int
    reference: str = ""


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """No, which is not the shopper's doing, and asking again will not help: a person looks. `reason`: in the provider's words."""

    reason: str
    reference: str = ""


Answer = Authorised | Declined | Redirect | Closed | Failed | Unknown
Cancelled = Voided | Captured | Unknown
Taken = Captured | Failed | Unknown
Returned = Refunded | Failed | Closed | Unknown


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with a payment at the provider itself: `refunds` that nobody here asked for, and how a dispute over it stands.

    `dispute`: "" | open | won | lost; `why`: what it is about, for staff.
    """

    refunds: tuple[Refunded | Failed, ...] = ()
    dispute: str = ""
    why: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A genuine webhook: something about this attempt, or a refund of it, may have changed. What it is, the books say.

    `attempt_id` None: it is about nothing of ours, or names it by the provider's `reference` alone.
    `declined`: a card was refused on a page that stays open. `outside`: it is about something done at the provider itself.
    """

    id: str
    attempt_id: UUID | None
    refund_id: UUID | None = None
    declined: bool = False
    reference: str = ""
    outside: bool = False


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """A payment in the provider's list that has succeeded. `state`: authorised | captured | voided; amounts in minor units.

    `unit`: its amounts are rounded to so many minor units. `shop`: whose it says it is, where the provider's books are shared.
    """

    attempt_id: UUID | None
    reference: str
    state: str
    amount: int
    currency: str
    captured: int = 0
    refunded: int = 0
    unit: int = 1
    disputed: bool = False
    shop: str = ""


class Gateway(Protocol):
    """A payment provider. Every call may raise OSError or TimeoutError, which means Unknown.

    `key_seconds`: how long asking again under the same key is certain to ask once; past that it must only be looked up.
    """

    key_seconds: float

    async def start(self, charge: Charge) -> Answer:
        """Begins a payment, or says what became of it if it was begun before."""
        ...

    async def look_up(self, charge: Charge) -> Answer:
        """What the provider's books say now."""
        ...

    async def void(self, charge: Charge) -> Answer:
        """Ends an attempt that must not be paid any more: Closed, or what happened before.

        Never undoes an authorisation: an attempt that was paid before this arrived stays so, and the answer is Authorised.
        """
        ...

    async def cancel(self, charge: Charge) -> Cancelled:
        """Undoes an authorisation, as often as it is asked; Captured when the money has been taken already."""
        ...

    async def capture(self, charge: Charge, amount: int) -> Taken:
        """Takes at most what was authorised, once for each attempt; the rest is the shopper's again."""
        ...

    async def refund(self, charge: Charge, amount: int, *, key: UUID) -> Returned:
        """Gives back part of what was captured, once per `key`."""
        ...

    async def look_up_refund(self, charge: Charge, *, key: UUID) -> Returned:
        """What became of a refund; Closed when the books know none under this key."""
        ...

    async def outside(self, charge: Charge) -> Outside | Unknown:
        """What was done with a payment at the provider itself."""
        ...

    async def attempt_of(self, reference: str) -> UUID | Unknown | None:
        """Whose payment it is that the provider calls so; None when it is nobody's here."""
        ...

    def list_since(self, at: datetime) -> AsyncIterator[Booked]:
        """Every payment begun since then that succeeded, whatever became of it."""
        ...

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Message | None:
        """The message, or None when its signature, its age or its shape is wrong. `at`: now, in Unix seconds."""
        ...

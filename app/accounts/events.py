from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.db.outbox import Event


class ShopperChanged(Event, frozen=True, kw_only=True):
    """What the kept holes of a shopper show has changed in the current transaction; they are purged."""

    shopper_id: UUID


class SendAccountLink(Event, frozen=True, kw_only=True):
    """Somebody asked for a link by mail. Only its job looks whether the address has an account, so asking tells nobody."""

    token_id: UUID


class PasswordChanged(Event, frozen=True, kw_only=True):
    """Only the new password opens the account since `at`: sessions from before are over, and the owner is told."""

    email: str
    shopper_id: UUID
    at: datetime


class SendAccountNotice(Event, frozen=True, kw_only=True):
    """The owner of an account is to be told what happened to it. `what`: moved | erased."""

    email: str
    what: str
    about: str = ""


class GuestSignedIn(Event, frozen=True, kw_only=True):
    """A guest has turned out to be a shopper with an account: cart and orders follow."""

    guest_id: UUID
    shopper_id: UUID


class AddressProved(Event, frozen=True, kw_only=True):
    """A shopper has proved that an e-mail address is theirs: orders placed with it are theirs to read."""

    email: str
    shopper_id: UUID


class ShopperErased(Event, frozen=True, kw_only=True):
    """An account is gone, at its owner's word: what belongs to it follows. `moving`: ids that it was about to get."""

    shopper_id: UUID
    moving: tuple[UUID, ...] = ()


class AccountMoved(Event, frozen=True, kw_only=True):
    """An account's owner has confirmed a new address: `account_id` goes to that address's bucket as `new_id`."""

    account_id: UUID
    new_id: UUID
    email: str

"""What a shopper sees of all their orders together."""

from __future__ import annotations

from datetime import datetime

import msgspec


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order in the list of a shopper's own."""

    number: str
    url: str
    placed_at: datetime
    headline: str
    total: int
    currency: str


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    orders: list[OrderRow]
    signed_in: bool


class AccountBitView(msgspec.Struct, frozen=True, kw_only=True):
    """What the header says of the visitor."""

    signed_in: bool


class OwnOrdersView(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders a shopper can find."""

    orders: int

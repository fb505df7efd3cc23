"""What a shop would be if nothing ever went wrong: carts, stock and orders as plain dictionaries."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec

Answer = Literal["authorised", "declined", "silent", "redirect"]


class Entry(msgspec.Struct, kw_only=True):
    """An order: `answer` is what the provider said of its last attempt."""

    shopper: UUID
    cart: tuple[UUID, int]
    lines: dict[UUID, int]
    status: str
    answer: Answer


class Shelf(msgspec.Struct, kw_only=True):
    on_hand: int
    reserved: int = 0
    sold: int = 0


class Model:
    """Each method is what one act of a shopper, the provider or time should come to."""

    def __init__(self, shelves: dict[UUID, int], shoppers: list[UUID]) -> None:
        self.shelves = {id: Shelf(on_hand=units) for id, units in shelves.items()}
        self.carts: dict[UUID, dict[UUID, int]] = {id: {} for id in shoppers}
        self.orders: dict[UUID, Entry] = {}

    def place(self, order_id: UUID, shopper: UUID, cart: tuple[UUID, int], answer: Answer) -> UUID:
        """The order this cart becomes, or has become; others that were made of it and not paid are over."""
        for id, entry in self.orders.items():
            if entry.cart == cart and entry.status not in ("rejected", "cancelled"):
                return id
        for entry in self.orders.values():
            if entry.cart[0] == cart[0] and entry.status == "awaiting_payment":
                self.end(entry)
        lines = dict(self.carts[shopper])
        entry = Entry(shopper=shopper, cart=cart, lines=lines, status="rejected", answer=answer)
        self.orders[order_id] = entry
        if all(self.free(variant) >= units for variant, units in lines.items()):
            entry.status = "awaiting_payment"
            for variant, units in lines.items():
                self.shelves[variant].reserved += units
            self.hear(entry, answer)
        return order_id

    def hear(self, entry: Entry, answer: Answer) -> None:
        """What the provider says of an order that waits for it."""
        entry.answer = answer
        if answer == "authorised" and entry.status == "awaiting_payment":
            entry.status = "placed"
            self._sell(entry)

    def _sell(self, entry: Entry) -> None:
        cart = self.carts[entry.shopper]
        for variant, units in entry.lines.items():
            shelf = self.shelves[variant]
            shelf.reserved, shelf.sold, shelf.on_hand = (
                shelf.reserved - units,
                shelf.sold + units,
                shelf.on_hand - units,
            )
            left = cart.get(variant, 0) - units
            cart.pop(variant, None)
            if left > 0:
                cart[variant] = left

    def end(self, entry: Entry) -> None:
        """Nobody will pay it any more."""
        if entry.status == "awaiting_payment":
            entry.status = "cancelled"
            for variant, units in entry.lines.items():
                self.shelves[variant].reserved -= units

    def free(self, variant: UUID) -> int:
        return self.shelves[variant].on_hand - self.shelves[variant].reserved

    def adjust(self, variant: UUID, delta: int) -> bool:
        """Stock is counted again. False when that would leave less than what is reserved."""
        possible = self.free(variant) + delta >= 0
        if possible:
            self.shelves[variant].on_hand += delta
        return possible

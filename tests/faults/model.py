"""What a shop would be if nothing ever went wrong: carts, stock and orders as plain dictionaries."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec

Answer = Literal["authorised", "declined", "silent", "redirect"]
MOST, EACH, OFF = 3, 2, 100  # uses of the code in all and by one shopper, and what it takes off


class Entry(msgspec.Struct, kw_only=True):
    """An order: `answer` is what the provider said of its last attempt. `saves`: it uses the code; `touched`: its cart's count."""

    shopper: UUID
    cart: tuple[UUID, int]
    lines: dict[UUID, int]
    status: str
    answer: Answer
    saves: bool
    touched: int


class Shelf(msgspec.Struct, kw_only=True):
    on_hand: int
    reserved: int = 0
    sold: int = 0


class Code(msgspec.Struct, kw_only=True):
    """A promotion's code; what was used of it, in all (None) and by each shopper."""

    counted: dict[UUID | None, Shelf]
    most: int = MOST
    live: bool = True

    def takes(self, *who: UUID | None) -> bool:
        """Whether one more use is left for each of these."""
        uses = [(EACH if shopper else self.most, self.counted[shopper]) for shopper in who]
        return self.live and all(most > counted.reserved + counted.sold for most, counted in uses)


class Model:
    """Each method is what one act of a shopper, the provider or time should come to."""

    def __init__(self, shelves: dict[UUID, int], shoppers: list[UUID]) -> None:
        self.shelves = {id: Shelf(on_hand=units) for id, units in shelves.items()}
        self.carts: dict[UUID, dict[UUID, int]] = {id: {} for id in shoppers}
        self.orders: dict[UUID, Entry] = {}
        self.code = Code(counted={id: Shelf(on_hand=0) for id in (None, *shoppers)})
        self.coded: set[UUID] = set()
        self.touched = dict.fromkeys(shoppers, 0)

    def touch(self, shopper: UUID, *, code: bool | None = None) -> None:
        """The cart is not what it was when an order was made of it. `code`: it holds one now, or none; an empty cart has none."""
        self.touched[shopper] += 1
        if code is not None:
            (self.coded.add if code else self.coded.discard)(shopper)

    def has_code(self, shopper: UUID) -> bool:
        return shopper in self.coded

    def saves(self, shopper: UUID) -> bool:
        """Whether the code takes something off this cart."""
        return shopper in self.coded and self._takes(shopper, None, shopper)

    def may_type(self, shopper: UUID) -> bool:
        """Whether this cart may hold the code. Whose share it would be is not known before the checkout."""
        return bool(self.carts[shopper]) and self._takes(shopper, None)

    def _takes(self, shopper: UUID, *who: UUID | None) -> bool:
        """Whether one more use is left for each of these: what the cart's own unpaid order uses is its own."""
        own = [
            entry for entry in self.orders.values() if entry.shopper == shopper and entry.status == "awaiting_payment"
        ]
        self._use(own, reserved=-1)
        takes = self.code.takes(*who)
        self._use(own, reserved=1)
        return takes

    def _use(self, entries: list[Entry], *, reserved: int, sold: int = 0) -> None:
        for entry in entries:
            for who in (None, entry.shopper) if entry.saves else ():
                self.code.counted[who].reserved += reserved
                self.code.counted[who].sold += sold

    def place(
        self, order_id: UUID, shopper: UUID, cart: tuple[UUID, int], answer: Answer, *, saves: bool | None = None
    ) -> UUID:
        """The order this cart becomes, or has become; others that were made of it and not paid are over, unless it is refused.

        `saves`: what its shopper was promised, if that was before somebody else's act. Another promise is another order.
        """
        promised = self.saves(shopper) if saves is None else saves
        for id, entry in self.orders.items():
            same = entry.cart[0] == cart[0] and entry.cart >= cart and entry.saves == promised
            if same and entry.status not in ("rejected", "cancelled"):
                return id
        before = self.unpaid_of(cart)
        entry = self._begin(order_id, shopper, cart, answer, promised)
        if self._enough(entry, before):
            for each in before:
                self.end(each)
            entry.status = "awaiting_payment"
            self._use([entry], reserved=1)
            for variant, units in entry.lines.items():
                self.shelves[variant].reserved += units
            self.hear(entry, answer)
        return order_id

    def forget(self, order_id: UUID, shopper: UUID, cart: tuple[UUID, int], *, replaces: bool) -> None:
        """An order that came to nothing. `replaces`: it came so far that others of its cart, not paid, are over."""
        before = self.unpaid_of(cart)
        self._begin(order_id, shopper, cart, "silent", self.saves(shopper))
        for entry in before if replaces else ():
            self.end(entry)

    def unpaid_of(self, cart: tuple[UUID, int]) -> list[Entry]:
        """Orders of this cart, as it ever was, that wait for their payment."""
        return [each for each in self.orders.values() if each.cart[0] == cart[0] and each.status == "awaiting_payment"]

    def _begin(self, order_id: UUID, shopper: UUID, cart: tuple[UUID, int], answer: Answer, saves: bool) -> Entry:
        """A cart that is ordered with another promise than before is another version of it."""
        if any(entry.cart == cart for entry in self.unpaid_of(cart)):
            cart = (cart[0], cart[1] + 1)
            self.touch(shopper)
        entry = self.orders[order_id] = Entry(
            shopper=shopper, cart=cart, lines=dict(self.carts[shopper]), status="rejected", answer=answer, saves=saves,
            touched=self.touched[shopper],
        )  # fmt: skip
        return entry

    def _enough(self, entry: Entry, before: list[Entry]) -> bool:
        """Whether there is enough for it, with what these hold."""
        theirs = {variant: sum(each.lines.get(variant, 0) for each in before) for variant in entry.lines}
        there = all(self.free(variant) + theirs[variant] >= units for variant, units in entry.lines.items())
        self._use(before, reserved=-1)
        takes = not entry.saves or self.code.takes(None, entry.shopper)
        self._use(before, reserved=1)
        return there and takes

    def hear(self, entry: Entry, answer: Answer) -> None:
        """What the provider says of an order that waits for it."""
        entry.answer = answer
        if answer == "authorised" and entry.status == "awaiting_payment":
            entry.status = "placed"
            self._sell(entry)
            self._use([entry], reserved=-1, sold=1)

    def _sell(self, entry: Entry) -> None:
        cart = self.carts[entry.shopper]
        if self.touched[entry.shopper] == entry.touched:
            self.coded.discard(entry.shopper)  # the next thing opens a new cart
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
            self._use([entry], reserved=-1)
            for variant, units in entry.lines.items():
                self.shelves[variant].reserved -= units

    def undo(self, entry: Entry) -> None:
        """It is cancelled after it was placed: its goods are on the shelf again, its use of the code stays used."""
        entry.status = "cancelled"
        for variant, units in entry.lines.items():
            self.shelves[variant].on_hand += units

    def free(self, variant: UUID) -> int:
        return self.shelves[variant].on_hand - self.shelves[variant].reserved

    def put_aside(self, variant: UUID, units: int) -> bool:
        """Units are held without an order. False when there are not so many."""
        possible = self.free(variant) >= units
        if possible:
            self.shelves[variant].reserved += units
        return possible

    def adjust(self, variant: UUID, delta: int) -> bool:
        """Stock is counted again. False when that would leave less than what is reserved."""
        possible = self.free(variant) + delta >= 0
        if possible:
            self.shelves[variant].on_hand += delta
        return possible

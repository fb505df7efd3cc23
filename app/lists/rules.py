from __future__ import annotations

from uuid import UUID

import msgspec

LATER, REMOVED, SAVED = "later", "removed", "saved"
MOST = 200  # things of one kind: a list stays one page, and one statement of the catalogue


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Something kept as it is stored. Not `chosen`: the product was meant, the variant is its first. `seen_price` of one."""

    item_id: UUID
    kind: str
    variant_id: UUID
    chosen: bool
    quantity: int
    seen_price: int


def cheaper(seen: int, price: int) -> int:
    """By how much something costs less than when it was kept; 0 when it does not."""
    return max(seen - price, 0)

from __future__ import annotations

from uuid import UUID

import msgspec

LATER, REMOVED, SAVED = "later", "removed", "saved"
LONGEST_NAME = 60
MOST_LISTS = 20
MOST = 200  # things of one kind: a list stays one page, and one statement of the catalogue


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Something kept as it is stored. Not `chosen`: the product was meant, the variant is its first. `seen_price` of one. `list_id`: of a list with a name."""

    item_id: UUID
    kind: str
    variant_id: UUID
    chosen: bool
    quantity: int
    seen_price: int
    personal_text: str = ""
    list_id: UUID | None = None


def name_of(text: str) -> str | None:
    """A list's name as it is kept, or None for one that is empty, too long or not to be read."""
    name = " ".join(text.split())
    return name if 0 < len(name) <= LONGEST_NAME and name.isprintable() else None


def cheaper(seen: int, price: int) -> int:
    """By how much something costs less than when it was kept; 0 when it does not."""
    return max(seen - price, 0)

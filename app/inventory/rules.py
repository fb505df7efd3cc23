from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

from app.values import bucket_of, name_bucket

MOST_UNITS = 1_000_000  # of one delivery or correction: more is a typing mistake, and int4 has room for 2,000 of them


def reservation_id(order_id: UUID, variant_id: UUID) -> UUID:
    """The id of an order's hold on a variant: always the same one, so that asking twice holds once.

    Laid out as `new_id` does: the variant's bucket and the order's milliseconds; the free bits are a hash of both ids.
    """
    noise = int.from_bytes(hashlib.blake2s(order_id.bytes + variant_id.bytes, digest_size=8).digest(), "big")
    time = order_id.int >> 64 & ((1 << 54) - 1) & ~0b11
    high = bucket_of(variant_id) << 54 | time | noise >> 62
    return UUID(int=high << 64 | 0b10 << 62 | noise & (1 << 62) - 1)


def limit_id(name: str, customer: str = "") -> UUID:
    """The id of a limit, or of one customer's share of it: a UUIDv8 in the bucket of the two names, the rest their hash."""
    told = "\n".join(part.strip().casefold() for part in (name, customer))
    noise = int.from_bytes(hashlib.blake2s(told.encode(), digest_size=16).digest(), "big")
    low = name_bucket(told) << 118 | noise & (1 << 118) - 1
    return UUID(int=low & ~(0xF << 76) & ~(0b11 << 62) | 0x8 << 76 | 0b10 << 62)


def merged(lines: Iterable[tuple[UUID, int]]) -> list[tuple[UUID, int]]:
    """Units by variant, in the order of their ids: two lines of one variant must not be checked apart (medusa#16502)."""
    units: dict[UUID, int] = {}
    for variant_id, quantity in lines:
        units[variant_id] = units.get(variant_id, 0) + quantity
    return sorted(units.items())


def by_variant(reservations: Iterable[tuple[UUID, UUID]]) -> list[tuple[UUID, list[UUID]]]:
    """Reservation ids by variant, in the order of the variants' ids. Takes (variant_id, reservation_id) pairs."""
    grouped: dict[UUID, list[UUID]] = {}
    for variant_id, reservation_id in reservations:
        grouped.setdefault(variant_id, []).append(reservation_id)
    return sorted(grouped.items())

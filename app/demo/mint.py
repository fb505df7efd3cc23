"""Ids that repeat: laid out like those of app/values.py, but made from a name instead of the clock and chance."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID

EPOCH = 1_767_600_000_000  # milliseconds: 5 January 2026, 08:00 UTC; older than any shop that is seeded


def mint(kind: str, name: str, order: int = 0) -> UUID:
    """The id of something by name: the same every time. `order` sorts ids of one bucket; the bucket is a hash."""
    noise = int.from_bytes(blake2b(f"{kind}:{name}".encode(), digest_size=16).digest(), "big")
    ms = EPOCH + order
    high = noise >> 118 << 54 | (ms >> 10) << 16 | 0x8000 | (ms & 0x3FF) << 2 | noise >> 64 & 3
    return UUID(int=high << 64 | 0b10 << 62 | noise & (1 << 62) - 1)


def sibling(id: UUID, number: int) -> UUID:
    """The id of the `number`th thing (0..65,535) that belongs to another: same bucket, same time, and cheaper than `mint`."""
    return UUID(int=id.int ^ number)

"""The small vocabulary every part of the shop shares."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from uuid import UUID
from zoneinfo import ZoneInfo

BUCKETS = 1024  # slices of the id space; a shard holds a range of them
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U


class Refusal(Exception):
    """An expected no. Subclasses put plain words for the shopper in `say`."""

    say = "That is not possible."
    status = 409
    half_done = False  # something was done before it was refused, so who asked for it stays noted

    def __init__(self, say: str | None = None, **about: object) -> None:
        super().__init__(say or self.say)
        self.say = say or self.say
        self.about = about


def new_id(bucket: int) -> UUID:
    """A UUIDv8 (RFC 9562) that carries its bucket and sorts by time inside it.

    Bits: bucket(10) ms[47:10](38) | version(4) ms[9:0](10) random(2) | variant(2) random(62).
    Raises ValueError for a bucket outside 0..1023.
    """
    if not 0 <= bucket < BUCKETS:
        raise ValueError(f"bucket {bucket} is outside 0..{BUCKETS - 1}")
    ms = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(8))
    high = bucket << 54 | (ms >> 10) << 16 | 0x8000 | (ms & 0x3FF) << 2 | noise >> 62
    return UUID(int=high << 64 | 0b10 << 62 | noise & (1 << 62) - 1)


def bucket_of(id: UUID) -> int:
    """The bucket (0..1023) that an id of `new_id` was minted for."""
    return id.int >> 118


def minted_at(id: UUID) -> datetime:
    """When an id of `new_id` was minted, by the clock of whoever did it."""
    ms = (id.int >> 80 & (1 << 38) - 1) << 10 | id.int >> 66 & 0x3FF
    return datetime.fromtimestamp(ms / 1000, UTC)


def any_bucket() -> int:
    """A bucket for someone or something new."""
    return secrets.randbelow(BUCKETS)


def name_bucket(text: str) -> int:
    """The bucket of a name (an e-mail address, a code): first 10 bits of SHA-256 of the normalised text."""
    return int.from_bytes(hashlib.sha256(text.strip().casefold().encode()).digest()[:2], "big") >> 6


def bucket_mark(bucket: int) -> str:
    """The bucket as two Crockford characters, as order numbers and session tokens carry it."""
    return CROCKFORD[bucket >> 5] + CROCKFORD[bucket & 31]


def read_bucket_mark(text: str) -> int | None:
    """The bucket named by the first two characters of `text`, or None if they name none."""
    if len(text) < 2 or text[0] not in CROCKFORD or text[1] not in CROCKFORD:
        return None
    return CROCKFORD.index(text[0]) << 5 | CROCKFORD.index(text[1])


def now() -> datetime:
    """The displayed clock, in UTC. `VITRINE_CLOCK` (ISO 8601) freezes it, so that screenshots repeat.

    Only for what people read: what decides (expiry, sweeps) asks the database's clock.
    """
    frozen = os.environ.get("VITRINE_CLOCK")
    return datetime.fromisoformat(frozen).astimezone(UTC) if frozen else datetime.now(UTC)


ZONE = ZoneInfo("Europe/London")  # the store's; shown days and times are the shop's own


def today() -> date:
    """The displayed day in the store."""
    return now().astimezone(ZONE).date()


def day_after(day: date) -> datetime:
    """The moment at which a day is over in the store."""
    return datetime.combine(day + timedelta(days=1), time_of_day(), ZONE)


MINUTE, HOUR, DAY = 60, 3600, 86400


def seconds(amount: float) -> timedelta:
    """`amount` seconds as the interval type the database driver takes."""
    return timedelta(seconds=amount)

"""How long the edge may keep what a page answered. Purges make changes visible; these times only bound a lost purge."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.values import DAY, HOUR, MINUTE

UNSURE = 5  # seconds: as long as the echoes of a purge that was missed may already be over


class Keep(msgspec.Struct, frozen=True):
    """`ttl` seconds fresh at the edge. Past that, up to a day (an hour where it is a minute), a copy is served only while the origin can't answer."""

    ttl: int

    def clipped(self, until: datetime | None, at: datetime, *, unsure: bool = False) -> int:
        """Seconds to keep a page that shows something scheduled to change at `until`; never below 1.

        `unsure`: what it shows may have changed already, and the purge may be over.
        """
        ttl = min(self.ttl, UNSURE) if unsure else self.ttl
        return ttl if until is None else max(1, min(ttl, int((until - at).total_seconds())))


HOME = Keep(DAY)
PRODUCT = Keep(DAY)
LIST = Keep(6 * HOUR)
DEEP_LIST = Keep(10 * MINUTE)  # later pages: many, rarely read
SEARCH = Keep(MINUTE)  # carries no tag of what it found, so time is its only bound
FRAGMENT = Keep(DAY)
RELATED = Keep(HOUR)  # what is bought together is a statistic: its every change purges nothing
FOREVER = Keep(365 * DAY)  # the address names the content
HOLE_VALUE = Keep(HOUR)
HOLE_VISITOR = Keep(10 * MINUTE)
NOT_FOUND = Keep(MINUTE)
MADE_UP = Keep(MINUTE)  # an address that only says the same as another: whoever asks can make up any number of them
MOVED = Keep(HOUR)

"""An allowance of requests that refills by itself: how often a CDN may be asked."""

from __future__ import annotations

import time
from collections.abc import Callable


class Bucket:
    """Full at first: `burst` tokens. `refill` more drop in each second."""

    def __init__(self, refill: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.refill = refill
        self.burst = burst
        self.clock = clock
        self.tokens = burst
        self.since = clock()

    def wait(self, cost: float) -> float:
        """Seconds until `cost` tokens are there."""
        self._fill()
        return max(0.0, (cost - self.tokens) / self.refill, self.since - self.clock())

    def take(self, cost: float) -> None:
        """They are spent; ask `wait` first."""
        self._fill()
        self.tokens -= cost

    def pause(self, seconds: float) -> None:
        """Nothing before `seconds` have passed."""
        self.since = max(self.since, self.clock() + seconds)

    def spend(self) -> None:
        """The other side has counted more than we did: one is left, and then they come one by one."""
        self.tokens = min(self.tokens, 1.0)

    def _fill(self) -> None:
        now = self.clock()
        if now > self.since:
            self.tokens = min(self.burst, self.tokens + (now - self.since) * self.refill)
            self.since = now

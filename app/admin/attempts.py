from __future__ import annotations

from collections import deque

from app.values import HOUR, MINUTE

MOST_KEYS = 10_000


class Attempts:
    """Counts tries per key in this process; the admin is one process, and a restart takes longer than it gives.

    `limits`: (tries, seconds) pairs that all hold. When memory for keys runs out, new ones are refused.
    """

    def __init__(self, *limits: tuple[int, int]) -> None:
        self.limits = limits
        self.longest = max(seconds for _, seconds in limits)
        self.seen: dict[str, deque[float]] = {}

    def take(self, key: str, at: float) -> float:
        """Counts one try at `at` (monotonic seconds). Returns 0, or the seconds to wait, and then it did not count."""
        if key not in self.seen and len(self.seen) >= MOST_KEYS and not self._tidied(at):
            return MINUTE
        tries = self.seen.setdefault(key, deque())
        while tries and tries[0] <= at - self.longest:
            tries.popleft()
        wait = max(self._wait(tries, at, most, seconds) for most, seconds in self.limits)
        if wait <= 0:
            tries.append(at)
        return max(wait, 0.0)

    def forget(self, key: str) -> None:
        """The key starts anew: whoever it is got in."""
        self.seen.pop(key, None)

    def _wait(self, tries: deque[float], at: float, most: int, seconds: int) -> float:
        return tries[-most] + seconds - at if len(tries) >= most else 0.0

    def _tidied(self, at: float) -> bool:
        """Drops keys whose tries are all over. Whether there is room now."""
        self.seen = {key: tries for key, tries in self.seen.items() if tries and tries[-1] > at - self.longest}
        return len(self.seen) < MOST_KEYS


BY_ACCOUNT = Attempts((5, MINUTE), (20, HOUR))  # one account from one client
BY_CLIENT = Attempts((20, MINUTE), (200, HOUR))  # one client at any accounts

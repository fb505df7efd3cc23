"""From the edge's access log to the list of what shoppers ask: pages are kept there, so the app does not see each search."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

from app.ops import visits
from app.ops.home import home_of
from app.ops.visits import Visit
from app.search import counting
from app.settings import Settings
from app.values import now, seconds

EVERY = 60.0  # seconds between two rounds; a round reads the last 8 MB of the log, which hold a minute of 1,300 visits a second
LATE = 5  # seconds by which a line may come after a younger one


class Searches:
    """Counts the searches of the edge node on this machine, each once."""

    def __init__(self, settings: Settings) -> None:
        self.days = settings.search_log_days
        self.log = home_of(settings).access_log
        self.node = socket.gethostname()[:80]

    async def step(self) -> int:
        """Counts what came since the last round, and forgets what is old. Returns how many searches were counted."""
        await counting.forget(self.days)
        if not self.days or not self.log.exists():
            return 0
        upto = now() - seconds(LATE)
        since = await counting.counted_to(self.node) or datetime.fromtimestamp(0, UTC)
        asked = await asyncio.to_thread(lambda: tally(visits.tail(self.log), since, upto))
        await counting.count(asked, node=self.node, upto=upto)
        return asked.total()


def tally(log: Iterable[Visit], since: datetime, upto: datetime) -> Counter[tuple[date, str]]:
    """How often each question was asked after `since` and until `upto`: first pages that were shown, whoever kept them."""
    asked: Counter[tuple[date, str]] = Counter()
    for visit in log:
        if visit.way == "page" and visit.status in (200, 304) and since.timestamp() < visit.at <= upto.timestamp():
            question = _question(visit.url)
            if question:
                asked[datetime.fromtimestamp(visit.at, UTC).date(), question] += 1
    return asked


def _question(url: str) -> str | None:
    parts = urlsplit(url)
    query = parse_qs(parts.query, max_num_fields=9) if parts.path == "/search" else {}
    return counting.countable(query["q"][0]) if "q" in query and not {"page", "sort"} & query.keys() else None

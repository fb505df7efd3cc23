"""The edge's access log: what was asked, how it was answered, and the hit ratio of each route."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from app.edge.vcl import Route, pattern_of

TAIL = 8_000_000  # bytes of the log that a tally reads: some eighty thousand visits, a third of a second

Handling = Literal["hit", "stale", "miss", "unkept", "cookie", "pass", "refused"]
# Cache-Status of the edge, most telling first; `unkept` was fetched and may not be kept, `cookie` because it set one.
HANDLINGS: tuple[tuple[re.Pattern[str], Handling], ...] = (
    (re.compile("; hit; ttl=-"), "stale"),
    (re.compile("; hit"), "hit"),
    (re.compile("fwd=miss; stored"), "miss"),
    (re.compile("fwd=miss; detail=cookie"), "cookie"),
    (re.compile("fwd=miss"), "unkept"),
    (re.compile("fwd=bypass"), "pass"),
)


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One request at the shop's listener. `url` is cleaned, and of a private address only its first segment.

    `at` is seconds since 1970, `first_byte` seconds. A refused request has no way and no url.
    """

    at: float
    method: str
    status: int
    bytes: int
    first_byte: float
    handling: Handling
    way: str
    form: str
    url: str


class Tally(msgspec.Struct, kw_only=True):
    """Visits of one route. Its hit ratio counts what could have been a hit, so not what is one shopper's."""

    route: str
    visits: int = 0
    hits: int = 0
    stale: int = 0
    misses: int = 0
    unkept: int = 0
    cookies: int = 0
    failed: int = 0
    bytes: int = 0

    @property
    def ratio(self) -> float | None:
        could = self.hits + self.stale + self.misses + self.unkept
        return (self.hits + self.stale) / could if could else None


def tail(path: Path, most: int = TAIL) -> Iterator[Visit]:
    """The last visits of the log, oldest first; none when there is no log. Lines that are cut off are left out."""
    for line in _last_bytes(path, most).decode("ascii", "replace").splitlines():
        if visit := read_line(line):
            yield visit


def read_line(line: str) -> Visit | None:
    """One line as the Procfile's format writes it."""
    try:
        at, method, status, size, first_byte, cache, note = line.split("\t")
        kind, _, url = note.partition(" ")
        way, _, form = kind.partition("/")
        return Visit(
            at=int(at) / 1000,
            method=method,
            status=int(status),
            bytes=int(size),
            first_byte=float(first_byte),
            handling=next((handling for pattern, handling in HANDLINGS if pattern.search(cache)), "refused"),
            way=way.strip("-"),
            form=form,
            url=url,
        )
    except ValueError:
        return None


def by_route(visits: Iterable[Visit], routes: Sequence[Route]) -> list[Tally]:
    """A tally for each route that was visited, most visited first. Addresses that no route knows are `(none)`."""
    find = Finder(routes)
    found: dict[str, Tally] = {}
    for visit in visits:
        name = find.route_of(visit)
        _count(found.setdefault(name, Tally(route=name)), visit)
    return sorted(found.values(), key=lambda tally: -tally.visits)


def together(tallies: Iterable[Tally]) -> Tally:
    """The sum of all."""
    whole = Tally(route="all")
    for tally in tallies:
        for field in ("visits", "hits", "stale", "misses", "unkept", "failed", "bytes"):
            setattr(whole, field, getattr(whole, field) + getattr(tally, field))
    return whole


def most_visited(visits: Iterable[Visit], most: int | None) -> list[str]:
    """Addresses of kept pages and fragments that were answered, most visited first."""
    counted = Counter(visit.url for visit in visits if visit.way == "page" and visit.status in (200, 301))
    return [url for url, _ in counted.most_common(most)]


class Finder:
    """From an address to the name of its route, as the edge's own patterns see it."""

    def __init__(self, routes: Sequence[Route]) -> None:
        public = [route for route in routes if route.kind in ("page", "fragment")]
        self.patterns = [(re.compile(pattern_of(route.path)), route.path) for route in public]
        self.known: dict[str, str] = {}

    def route_of(self, visit: Visit) -> str:
        if visit.way != "page":
            return {"static": "/static/…", "": "(refused)"}.get(visit.way, f"{visit.url} (private)")
        path = visit.url.partition("?")[0]
        if path not in self.known:
            self.known[path] = next((name for pattern, name in self.patterns if pattern.fullmatch(path)), "(none)")
        return self.known[path]


def _count(tally: Tally, visit: Visit) -> None:
    tally.visits += 1
    tally.bytes += visit.bytes
    tally.failed += visit.status >= 500
    tally.hits += visit.handling == "hit"
    tally.stale += visit.handling == "stale"
    tally.misses += visit.handling == "miss"
    tally.unkept += visit.handling in ("unkept", "cookie")
    tally.cookies += visit.handling == "cookie"


def _last_bytes(path: Path, most: int) -> bytes:
    """Whole lines from the end of the log; where it was turned over a moment ago, of the part before too."""
    text = b""
    for part in (path, path.with_suffix(".log.1")):
        if len(text) >= most or not part.exists():
            break
        with part.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - (most - len(text))))
            text = file.read() + text
    return text

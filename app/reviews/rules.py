from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

import msgspec

STARS = (5, 4, 3, 2, 1)
SORTS = {"newest": "Newest", "helpful": "Most helpful"}
PER_PAGE = 10
LAST = 50  # pages: who wants older ones chooses stars; programs that count on cost nothing beyond
FIRST = 4  # on a product's own page
QUICKEST, SLOWEST = 2, 86400  # seconds in which people fill in the form; nobody writes three fields in one


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which reviews of a product: those with so many stars (all without), in which order, on which page."""

    stars: int | None = None
    sort: str = "newest"
    page: int = 1

    def query(self) -> list[tuple[str, str]]:
        """As its address says it: sorted, and nothing that goes without saying."""
        said = {
            "page": str(self.page) if self.page > 1 else "",
            "sort": self.sort if self.sort != "newest" else "",
            "stars": str(self.stars or ""),
        }
        return [(name, text) for name, text in said.items() if text]


def asked(query: Mapping[str, str]) -> Asked:
    """What an address asks for; nonsense asks for nothing."""
    stars, sort, page = query.get("stars", ""), query.get("sort", ""), query.get("page", "")
    return Asked(
        stars=int(stars) if stars in map(str, STARS) else None,
        sort=sort if sort in SORTS else "newest",
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) <= 3 else 1,
    )


def pages_of(total: int) -> int:
    """How many pages of so many reviews there are; none has one."""
    return min(max(1, -(-total // PER_PAGE)), LAST)


NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str) -> str:
    """What people read of it: no control characters and none that turns the direction of what follows; at most one empty line."""
    lines = NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def stamp(at: int, secret: str) -> str:
    """When a form was shown (seconds), so that only we can say it."""
    return f"{at}.{_signature(str(at), secret)}"


def age_of(text: str, secret: str, now: int) -> int | None:
    """For how many seconds the form was open; None for what is no stamp of ours."""
    at, _, signature = text.partition(".")
    if not hmac.compare_digest(_signature(at, secret).encode(), signature.encode()):
        return None
    return now - int(at)


def _signature(text: str, secret: str) -> str:
    return hmac.new(f"review:{secret}".encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

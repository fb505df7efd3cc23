from __future__ import annotations

from collections.abc import Mapping

import msgspec

STARS = (5, 4, 3, 2, 1)
SORTS = {"newest": "Newest", "helpful": "Most helpful"}
PER_PAGE = 10
FIRST = 4  # on a product's own page


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
    """How many pages hold so many reviews; none has one."""
    return max(1, -(-total // PER_PAGE))

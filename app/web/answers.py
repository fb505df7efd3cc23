"""What a slice's pages answer with, and what the edge must know of a route."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from litestar.exceptions import NotFoundException

from app.edge.keep import Keep


class Page(msgspec.Struct, kw_only=True):
    """A whole document. `tags` name what it shows; `until` is the next moment at which it must change by itself.

    `menu_age`: for how many seconds the departments in its header may have been known.
    """

    template: str
    view: Any = None
    tags: Iterable[str] = ()
    status: int = 200
    keep: Keep | None = None
    until: datetime | None = None
    headers: dict[str, str] = {}
    menu_age: float = 0.0


class Fragment(msgspec.Struct, kw_only=True):
    """A piece of a document. `may_keep` says whether this answer may be kept; a hole decides it by what it found."""

    template: str
    view: Any = None
    tags: Iterable[str] = ()
    keep: Keep | None = None
    until: datetime | None = None
    may_keep: bool = True


class Raw(msgspec.Struct, kw_only=True):
    """Bytes that are no HTML: a picture, a sitemap."""

    body: bytes
    content_type: str
    tags: Iterable[str] = ()
    until: datetime | None = None
    headers: dict[str, str] = {}


class Moved(msgspec.Struct, kw_only=True):
    """A permanent redirect that may be kept; shorter than usual where anybody can make up such addresses."""

    to: str
    tags: Iterable[str] = ()
    until: datetime | None = None
    keep: Keep | None = None


class WayOn(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go from a dead end."""

    title: str
    url: str


class Missing(NotFoundException):
    """There is no page at this address. `until`: when there will be; `gone`: there was one, and `way_on` leads on from it.

    `tags` name what would make one, besides the address itself.
    """

    def __init__(
        self,
        *,
        tags: Iterable[str] = (),
        until: datetime | None = None,
        gone: bool = False,
        way_on: WayOn | None = None,
    ) -> None:
        super().__init__()
        self.tags = frozenset(tags)
        self.until = until
        self.gone = gone
        self.way_on = way_on


class EdgeRoute(msgspec.Struct, frozen=True, kw_only=True):
    """What the edge must know of a route. `kind`: page | fragment | hole | action | private."""

    path: str
    kind: str
    name: str
    query: tuple[str, ...] = ()
    keep: Keep | None = None
    tier: str = ""
    neutral: str = ""

"""What a slice's pages answer with, and what the edge must know of a route."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from app.edge.keep import Keep


class Page(msgspec.Struct, kw_only=True):
    """A whole document. `tags` name what it shows; `until` is the next moment at which it must change by itself."""

    template: str
    view: Any = None
    tags: Iterable[str] = ()
    status: int = 200
    keep: Keep | None = None
    until: datetime | None = None
    headers: dict[str, str] = {}


class Fragment(msgspec.Struct, kw_only=True):
    """A piece of a document. `keep` says whether this answer may be kept; a hole decides it by what it found."""

    template: str
    view: Any = None
    tags: Iterable[str] = ()
    may_keep: bool = True


class Raw(msgspec.Struct, kw_only=True):
    """Bytes that are no HTML: a picture, a sitemap."""

    body: bytes
    content_type: str
    tags: Iterable[str] = ()
    headers: dict[str, str] = {}


class Moved(msgspec.Struct, kw_only=True):
    """A permanent redirect that may be kept."""

    to: str
    tags: Iterable[str] = ()


class EdgeRoute(msgspec.Struct, frozen=True, kw_only=True):
    """What the edge must know of a route. `kind`: page | fragment | hole | action | private."""

    path: str
    kind: str
    name: str
    query: tuple[str, ...] = ()
    keep: Keep | None = None
    tier: str = ""
    neutral: str = ""

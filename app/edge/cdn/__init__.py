"""The second tier: a CDN in front of our own edge is told what is no longer true, after the edge was."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING, Protocol

from app.edge.cdn.providers import PROVIDERS, check

if TYPE_CHECKING:
    from app.edge.purge import Ack
    from app.settings import Settings


class Cdn(Protocol):
    """A CDN that can be told to forget tags."""

    @property
    def name(self) -> str: ...

    async def purge(self, tags: Set[str]) -> Ack:
        """The CDN was asked to forget `tags`. Never raises: an Ack with `error` means ask again later, all of them.

        Purging twice does no harm. May wait a few seconds for its turn. `tags.everything()` empties the CDN.
        """
        ...

    async def close(self) -> None:
        """Its connections are ended."""
        ...


def driver_of(settings: Settings) -> Cdn | None:
    """The CDN that the settings name, or None. Keep it: its allowance of requests lives in it. Raises BadSetting."""
    check(settings)
    if not settings.cdn:
        return None
    if settings.cdn == "varnish":
        from app.edge.cdn.pops import Pops

        return Pops(tuple(settings.cdn_api.split()))
    from app.edge.cdn.api import Api
    from app.edge.cdn.dialects import dialect_of

    return Api(PROVIDERS[settings.cdn], dialect_of(settings), rate=settings.cdn_rate)
